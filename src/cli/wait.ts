import type { JobRecord } from '../api/job';
import { EXIT, exitCodeOf } from './exitCode';
import { sayFailure } from './failure';
import { follow } from './follow';
import { outcomeLines } from './outcome';
import { lookOf } from './look';
import { reportFor } from './report';
import type { Surroundings } from './surroundings';

/**
 * Shows how a job goes until it is over, then what became of it. Gives the exit code. `first` is a record of it to
 * begin with.
 */
export async function waitFor(
  surroundings: Surroundings,
  id: string,
  { first, isJson }: { first?: JobRecord; isJson: boolean }
): Promise<number> {
  const { client, onInterrupt, screen } = surroundings;
  onInterrupt(() => [`${id} goes on running.`, ...followLines(id)]);
  const report = reportFor(surroundings, isJson);
  let last = first ?? null;
  try {
    if (last !== null) {
      report.show(last);
    }
    for await (const job of follow(client, id)) {
      report.show(job);
      last = job;
    }
  } catch (error) {
    // The job is not concerned, and neither was the input wrong.
    report.end();
    sayFailure(screen, error);
    return EXIT.failed;
  } finally {
    report.end();
  }
  const job = last ?? (await client.job(id));
  if (!isJson) {
    outcomeLines(job, lookOf(surroundings)).forEach(line => screen.line(line));
  }
  return exitCodeOf(job);
}

/** How to hear more of a job later. */
export function followLines(id: string): string[] {
  return [
    `Follow it:  jupyter submit show ${id} --follow`,
    `Its log:    jupyter submit log ${id} --follow`,
    `End it:     jupyter submit cancel ${id}`
  ];
}
