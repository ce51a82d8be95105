import path from 'node:path';
import type { JobRecord } from '../../api/job';
import { isLost } from '../../api/resultFiles';
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
  const { asking, client, cwd, screen } = surroundings;
  const before = await findJob(client, prefix);
  const { id } = before;
  screen.live('fetching');
  const wanted = {
    ...(to !== undefined && { place: path.resolve(cwd, to) }),
    ...(file !== undefined && { files: file })
  };
  let job = await asking(json, who => client.fetch(id, wanted, who)).finally(() =>
    screen.live(null)
  );
  if (!isSettled(job)) {
    for await (const change of follow(client, id)) {
      job = change;
    }
  }
  const isWhole = job.result.problem === null && !(await isMissing(surroundings, job, file));
  if (json) {
    screen.line(JSON.stringify(job));
  } else {
    resultLines(job, lookOf(surroundings)).forEach(line => screen.line(line));
    if (to !== undefined && isWhole && isSame(before, job)) {
      screen.line('It was here already, and is where it was: move or copy it yourself.');
    }
  }
  return isWhole ? EXIT.succeeded : EXIT.failed;
}

/** Whether nothing came: the result is where it was, in as many files. */
function isSame({ result: before }: JobRecord, { result: now }: JobRecord): boolean {
  return (
    before.place === 'here' &&
    before.notebook === now.notebook &&
    before.folder === now.folder &&
    before.files.count === now.files.count
  );
}

/** Whether something that was asked for (without names, all) is still there, and not for its size. */
async function isMissing(
  { client }: Surroundings,
  { id, result }: JobRecord,
  file: readonly string[] | undefined
): Promise<boolean> {
  const { large, lost } = result.left;
  if (lost <= large.count || file === undefined) {
    return lost > large.count;
  }
  const asked = new Set(file);
  for await (const page of client.allFiles(id, 'left')) {
    if (page.some(left => left.reason !== undefined && isLost(left) && asked.has(left.path))) {
      return true;
    }
  }
  return false;
}
