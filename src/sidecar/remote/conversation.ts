import type { Readable, Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import { problem } from '../../api/problem';
import { limitOf } from './limit';
import type { RemoteAnswer, RemoteCommand } from './remote';
import { feed, startOf, textOf } from './streams';

/** How something ended; neither code nor signal where that is not known. */
export type Ending = Pick<RemoteAnswer, 'exitCode' | 'signal'>;

/** A bash that was started, whatever carries its bytes: a process here, a channel to another machine. */
export interface Started {
  stdin: Writable;
  stdout: Readable;
  stderr: Readable;
  /** How it ended, when everything that it printed has come. */
  ended: Promise<Ending>;
  /** Ends it as far as that can be done from here, and stops listening. Harmless when it is over. */
  end(): void;
}

/**
 * Has a bash that was started run a command: hands it over, takes what comes, and ends it when that is not wanted any more.
 *
 * @param cluster What its problems call the place where it runs.
 * @throws What `Remote.run` does.
 */
export async function converse(
  started: Started,
  command: RemoteCommand,
  cluster: string
): Promise<RemoteAnswer> {
  const { input, output } = command;
  const { ended, stderr, stdin, stdout } = started;
  const limit = limitOf(command, cluster);
  try {
    const [how, text, errors] = await Promise.race([
      Promise.all([
        // Nobody reads what is left then; a source that waits for more would keep us waiting.
        ended.finally(() => input?.destroy()),
        output ? pour(stdout, output) : textOf(stdout),
        startOf(stderr),
        feed(stdin, command)
      ]),
      limit.reached
    ]);
    if (how.exitCode === null && how.signal === null) {
      const details = { output: 'the connection broke' };
      throw problem('cluster-unreachable', { cluster }, { details });
    }
    return { ...how, stdout: text, stderr: errors };
  } finally {
    limit.clear();
    started.end();
    input?.destroy();
  }
}

/** Fails as soon as the output does: the pipeline waits for its source, too, and a channel that nobody reads never ends. */
async function pour(stdout: Readable, output: Writable): Promise<string> {
  await Promise.all([pipeline(stdout, output), finished(output, { readable: false })]);
  return '';
}
