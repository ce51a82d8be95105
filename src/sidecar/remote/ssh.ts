import { pipeline } from 'node:stream/promises';
import type { ClientChannel } from 'ssh2';
import { problem } from '../../api/problem';
import type { SshConnection } from './ssh2/connection';
import { limitOf } from './limit';
import type { Remote, RemoteAnswer, RemoteCommand } from './remote';
import { feed, startOf, textOf } from './streams';

/** A host behind SSH. Every command is bash, whatever the login shell: its script comes on standard input. */
export function ssh(connection: SshConnection): Remote {
  return {
    where: connection.host,
    run: command =>
      connection.withChannel('/usr/bin/env bash', channel =>
        talk(connection.host, channel, command)
      ),
    close: () => connection.close()
  };
}

async function talk(
  host: string,
  channel: ClientChannel,
  command: RemoteCommand
): Promise<RemoteAnswer> {
  const { input, output } = command;
  const limit = limitOf(command, host);
  try {
    const [how, stdout, stderr] = await Promise.race([
      Promise.all([
        // Nobody reads what is left then; a source that waits for more would keep us waiting.
        ended(channel).finally(() => input?.destroy()),
        output ? pipeline(channel.stdout, output).then(() => '') : textOf(channel.stdout),
        startOf(channel.stderr),
        feed(channel.stdin, command)
      ]),
      limit.reached
    ]);
    if (how.exitCode === null && how.signal === null) {
      throw unheard(host, 'the connection broke');
    }
    return { ...how, stdout, stderr };
  } finally {
    limit.clear();
    channel.destroy();
    input?.destroy();
  }
}

/**
 * How the command ended; neither code nor signal when the connection broke. `close` says what `exit` has said, which comes
 * too early for us where a command ends at once: all that a server sends together is read in one go.
 */
function ended(channel: ClientChannel): Promise<Pick<RemoteAnswer, 'exitCode' | 'signal'>> {
  return new Promise((resolve, reject) => {
    channel.once('error', reject);
    channel.once('close', (exitCode?: number | null, signal?: string | null) =>
      resolve({ exitCode: exitCode ?? null, signal: signal ?? null })
    );
  });
}

function unheard(host: string, output: string): Error {
  return problem('cluster-unreachable', { cluster: host }, { details: { output } });
}
