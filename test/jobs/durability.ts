import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { JobForm } from '../../src/api/jobSpec';
import { type JobRecord, newJobId } from '../../src/api/job';
import type { Scope } from '../../src/sidecar/process/faults';
import { Bench } from './harness';
import { notebook, outputsOf } from './notebook';
import { quickPython } from './quickPython';
import { type SourceFolder, sourceFolder } from './sourceFolder';

/** Where jobs run that have to survive, and how to count what became of them. */
export interface Site {
  form: Partial<JobForm>;
  /** What the sidecar needs to find it. */
  variables: Record<string, string>;
  /** A folder that its jobs can write to; null: the home of the bench. */
  home: string | null;
  /** How many jobs its scheduler has ever taken, by its own count; null where it does not count. */
  taken: (() => number) | null;
}

/** This machine, with a program in `folder` that stands for the job's Python. */
export function quickly(folder: string): Site {
  return { form: { python: quickPython(folder) }, variables: {}, home: null, taken: null };
}

/** More effects than any operation has. */
const MOST_EFFECTS = 40;

/** Runs at a time. */
const AT_ONCE = 3;

/**
 * Kills the sidecar before, during, or after the k-th effect of an operation, for every k until a run has no k-th effect.
 *
 * @returns how many effects there were.
 */
export async function dieAtEveryEffect(
  scope: Scope,
  when: 'before' | 'during' | 'after',
  { site, atOnce = AT_ONCE, duringMs = 20 }: { site: Site; atOnce?: number; duringMs?: number }
): Promise<number> {
  for (let effect = 1; effect < MOST_EFFECTS; effect += atOnce) {
    const wave = Array.from(
      { length: atOnce },
      (_, index) => `${scope}:${when}:${effect + index}:${duringMs}`
    );
    const died = await expectOneEach(site, wave.length, () =>
      allOver(wave.map(fault => dieAt(fault, site)))
    );
    const survivor = died.indexOf(false);
    if (survivor >= 0) {
      return effect + survivor - 1;
    }
  }
  throw new Error('there is no end to the effects');
}

/** As `Promise.all`, but a failure waits for the others: what they have started is ended. */
export async function allOver<T>(works: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(works);
  return Promise.all(works);
}

/** Expects that the site's scheduler has taken exactly so many jobs, by its own count, when `work` is over. */
export async function expectOneEach<T>(
  { taken }: Site,
  jobs: number,
  work: () => Promise<T>
): Promise<T> {
  const before = taken?.();
  const result = await work();
  if (taken !== null && before !== undefined) {
    expect(taken() - before, 'jobs that the scheduler has taken').toBe(jobs);
  }
  return result;
}

/** One job, through the death of its sidecar, to its result; whether the sidecar died at all. */
async function dieAt(fault: string, site: Site): Promise<boolean> {
  const bench = await Bench.start({ fault, variables: site.variables });
  try {
    let isOver = false;
    const restarted = restartOnce(bench, () => isOver);
    await oneJob(bench, site, fault);
    isOver = true;
    // What the caller's shell held is forgotten as soon as the job is in the queue.
    expect(readFileSync(path.join(bench.data, 'jobs.sqlite')).includes('LANG'), fault).toBe(false);
    return await restarted;
  } finally {
    await bench.stop();
  }
}

/** What a job is submitted with, and what happens to it. */
export interface Trial {
  /** Its id, where it matters. */
  id?: string;
  /** Files beside its notebook. */
  files?: Record<string, string>;
  /** What is to happen when the job is recorded. */
  meanwhile?: (id: string, source: SourceFolder) => Promise<void>;
  /** Files that come home beside `wrote.txt`. */
  written?: Record<string, string>;
}

/** Submits a job, and expects that it ran once and that its result came home once, whatever happens meanwhile. */
export async function oneJob(
  bench: Bench,
  { form, home }: Pick<Site, 'form' | 'home'>,
  what: string,
  { id = newJobId(Math.random), files = {}, meanwhile, written = {} }: Trial = {}
): Promise<JobRecord> {
  const runs = path.join(home ?? bench.home, `runs.${id}`);
  const source = sourceFolder({
    'tiny.ipynb': notebook(
      `open(${JSON.stringify(runs)}, "a").write("ran\\n")`,
      'open("wrote.txt", "w").write("whole")\nprint("done")'
    ),
    ...files
  });
  await bench.submit({ ...form, notebook: source.notebook, files: Object.keys(files) }, id);
  await meanwhile?.(id, source);
  const job = await bench.end(id);
  const results = Object.entries({ ...written, 'wrote.txt': 'whole' });
  expect(job, what).toMatchObject({
    state: 'succeeded',
    cause: null,
    contact: { problem: null },
    result: {
      place: 'here',
      problem: null,
      notebook: path.join(source.folder, `tiny.${id}.ipynb`),
      left: { count: 0 }
    }
  });
  expect(readFileSync(runs, 'utf8'), what).toBe('ran\n');
  expect(readFileSync(path.join(job.directory, 'run.lock/id'), 'utf8'), what).toBe(
    `${job.schedulerId}\n`
  );
  expect(outputsOf(job.result.notebook ?? '')[1], what).toBe('done\n');
  expect(source.newFiles(), what).toEqual([
    ...results.map(([name]) => `tiny.${id}.files/${name}`),
    `tiny.${id}.ipynb`
  ]);
  for (const [name, text] of results) {
    const file = path.join(job.result.folder ?? '', name);
    expect(readFileSync(file, 'utf8') === text, `${what}: ${name} is whole`).toBe(true);
  }
  source.expectUntouched([id]);
  return job;
}

/** Starts a sidecar without the fault when the first one has died; whether it did. */
async function restartOnce(bench: Bench, isOver: () => boolean): Promise<boolean> {
  while (!isOver()) {
    if (bench.isDead) {
      await bench.startSidecar();
      return true;
    }
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  return false;
}
