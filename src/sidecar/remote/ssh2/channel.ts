import type { ClientChannel } from 'ssh2';
import type { Ending, Started } from '../conversation';

/** The bash that was started on a channel. */
export function startedOn(channel: ClientChannel): Started {
  const { stderr, stdin, stdout } = channel;
  const end = (): void => void channel.destroy();
  return { stdin, stdout, stderr, ended: ended(channel), end };
}

/**
 * How the command ended; neither code nor signal when the connection broke. `close` says what `exit` has said, which comes
 * too early for us where a command ends at once: all that a server sends together is read in one go.
 */
function ended(channel: ClientChannel): Promise<Ending> {
  return new Promise((resolve, reject) => {
    channel.once('error', reject);
    channel.once('close', (exitCode?: number | null, signal?: string | null) =>
      resolve({ exitCode: exitCode ?? null, signal: signal ?? null })
    );
  });
}
