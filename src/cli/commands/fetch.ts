import path from 'node:path';
import { EXIT } from '../exitCode';
import { findJob } from '../findJob';
import { follow, isSettled } from '../follow';
import { lookOf } from '../look';
import { resultLines } from '../outcome';
import type { Surroundings } from '../surroundings';

/** `jupyter submit fetch ID`: brings what is not here yet. Fails when the result still cannot be placed. */
export async function fetch(
  surroundings: Surroundings,
  prefix: string,
  { file, json = false, to }: { file?: string[]; json?: boolean; to?: string }
): Promise<number> {
  const { client, cwd, screen } = surroundings;
  const { id } = await findJob(client, prefix);
  screen.live('fetching');
  let job = await client
    .fetch(id, {
      ...(to !== undefined && { place: path.resolve(cwd, to) }),
      ...(file !== undefined && { files: file })
    })
    .finally(() => screen.live(null));
  if (!isSettled(job)) {
    for await (const change of follow(client, id)) {
      job = change;
    }
  }
  if (json) {
    screen.line(JSON.stringify(job));
  } else {
    resultLines(job, lookOf(surroundings)).forEach(line => screen.line(line));
  }
  return job.result.problem === null ? EXIT.succeeded : EXIT.failed;
}
