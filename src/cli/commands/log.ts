import { setTimeout as sleep } from 'node:timers/promises';
import { type JobRecord, isTerminal } from '../../api/job';
import { ProblemError } from '../../api/problem';
import { LOGS, isLogName } from '../../api/routes';
import { EXIT } from '../exitCode';
import { findJob } from '../findJob';
import { follow } from '../follow';
import { printableLog } from '../printable';
import type { Surroundings } from '../surroundings';
import { UsageError } from '../usageError';

/** Milliseconds between two looks at a log that grows. */
const PAUSE_MS = 1000;

/** `jupyter submit log ID`: prints a log; with --follow until the job is over. */
export async function log(
  surroundings: Surroundings,
  prefix: string,
  { follow: isFollowed = false, name = 'job' }: { follow?: boolean; name?: string }
): Promise<number> {
  if (!isLogName(name)) {
    throw new UsageError(
      `There is no log "${name}".`,
      `Choose one of: ${LOGS.join(', ')}, or engine-0, cell-1 and so on.`
    );
  }
  if (isFollowed && name === 'engines') {
    throw new UsageError(
      'The logs of all engines cannot be followed.',
      'Follow one: --name engine-0'
    );
  }
  const job = await findJob(surroundings.client, prefix);
  const reader = { surroundings, id: job.id, name };
  if (!isFollowed || isTerminal(job.state)) {
    if ((await printFrom(reader, 0)) === 0) {
      const others = LOGS.filter(other => other !== name).join(', ');
      surroundings.screen.error(`The log "${name}" is empty. Others: --name with ${others}`);
    }
    return EXIT.succeeded;
  }
  await printUntilOver(reader, job);
  return EXIT.succeeded;
}

interface LogReader {
  surroundings: Surroundings;
  id: string;
  name: string;
}

async function printUntilOver(reader: LogReader, job: JobRecord): Promise<void> {
  const { client } = reader.surroundings;
  let isOver = isTerminal(job.state);
  // The stream tells the end, and has the sidecar look closely meanwhile.
  const watching = (async () => {
    for await (const { state } of follow(client, reader.id)) {
      isOver = isTerminal(state);
    }
  })().finally(() => {
    isOver = true;
  });
  let from = 0;
  for (;;) {
    const isLast = isOver;
    from = await printFrom(reader, from, { mayBeMissing: !isLast });
    if (isLast) {
      break;
    }
    await Promise.race([sleep(PAUSE_MS), watching]);
  }
  await watching;
}

/** Prints a log from byte `from` to its present end, and gives that. */
async function printFrom(
  { surroundings, id, name }: LogReader,
  from: number,
  { mayBeMissing = false } = {}
): Promise<number> {
  const { client, screen } = surroundings;
  for (let at = from; ;) {
    try {
      const { next, size, text } = await client.log(id, name, at);
      // A terminal would obey what a job has printed.
      screen.raw(screen.columns === null ? text : printableLog(text));
      if (next >= size || next === at) {
        return next;
      }
      at = next;
    } catch (error) {
      const isMissing = error instanceof ProblemError && error.problem.code === 'no-such-log';
      if (isMissing && mayBeMissing) {
        return at;
      }
      throw error;
    }
  }
}
