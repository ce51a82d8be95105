import { runOnChannel } from './ssh2/channel';
import type { SshConnection } from './ssh2/connection';
import type { Remote } from './remote';

/** A host behind SSH. Every command is bash, whatever the login shell: its script comes on standard input. */
export function ssh(connection: SshConnection): Remote {
  return {
    where: connection.host,
    run: command =>
      connection.withChannel('/usr/bin/env bash', channel =>
        runOnChannel(channel, command, connection.host)
      ),
    close: () => connection.close()
  };
}
