import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { Scope } from '../../src/sidecar/faults';
import { newJobId } from '../../src/api/job';
import { Bench } from './harness';
import { notebook, outputsOf } from './notebook';
import { sourceFolder } from './sourceFolder';

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
  when: 'before' | 'during' | 'after'
): Promise<number> {
  for (let effect = 1; effect < MOST_EFFECTS; effect += AT_ONCE) {
    const wave = Array.from({ length: AT_ONCE }, (_, index) => effect + index);
    const died = await Promise.all(wave.map(each => dieAt(`${scope}:${when}:${each}`)));
    const survivor = died.indexOf(false);
    if (survivor >= 0) {
      return effect + survivor - 1;
    }
  }
  throw new Error('there is no end to the effects');
}

/** One job, through the death of its sidecar, to its result; whether the sidecar died at all. */
async function dieAt(fault: string): Promise<boolean> {
  const bench = await Bench.start({ fault });
  const runs = path.join(bench.home, 'runs');
  const source = sourceFolder({
    'tiny.ipynb': notebook(
      `open(${JSON.stringify(runs)}, "a").write("ran\\n")`,
      'open("wrote.txt", "w").write("whole")\nprint("done")'
    )
  });
  try {
    const id = newJobId(Math.random);
    let isOver = false;
    const restarted = restartOnce(bench, () => isOver);
    await bench.submit({ notebook: source.notebook }, id);
    const job = await bench.end(id);
    isOver = true;
    const died = await restarted;
    expect(job, fault).toMatchObject({
      state: 'succeeded',
      cause: null,
      result: {
        place: 'here',
        problem: null,
        notebook: path.join(source.folder, `tiny.${id}.ipynb`),
        files: [{ path: 'wrote.txt', bytes: 5 }],
        left: []
      }
    });
    expect(readFileSync(runs, 'utf8'), fault).toBe('ran\n');
    expect(outputsOf(job.result.notebook ?? '')[1], fault).toBe('done\n');
    expect(source.newFiles(), fault).toEqual([`tiny.${id}.files/wrote.txt`, `tiny.${id}.ipynb`]);
    source.expectUntouched([id]);
    // What the caller's shell held is forgotten as soon as the job is in the queue.
    expect(readFileSync(path.join(bench.data, 'jobs.sqlite')).includes('LANG'), fault).toBe(false);
    return died;
  } finally {
    await bench.stop();
  }
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
