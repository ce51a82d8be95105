import path from 'node:path';
import { type LeftFile, isLost } from '../../api/job';
import { EXIT } from '../exitCode';
import { findJob } from '../findJob';
import { follow, isSettled } from '../follow';
import { lookOf } from '../look';
import { resultLines } from '../outcome';
import type { Surroundings } from '../surroundings';

/** `jupyter submit fetch ID`: brings what is not here yet. Fails when something of it still cannot be had. */
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
  const isAsked = ({ path: name }: LeftFile): boolean => file?.includes(name) ?? true;
  const hasFailed = job.result.left.some(
    left => left.reason !== undefined && isLost(left) && isAsked(left)
  );
  return job.result.problem === null && !hasFailed ? EXIT.succeeded : EXIT.failed;
}
