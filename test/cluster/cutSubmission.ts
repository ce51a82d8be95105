import { expect } from 'vitest';
import { type Site, allOver, expectOneEach, oneJob } from '../jobs/durability';
import type { Bench } from '../jobs/harness';
import { notebook } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import type { BatchSystem } from './batchSystem';
import { type CutWhen, behindLink } from './link';

/** Jobs at a time, each with a sidecar and a link of its own. */
const AT_ONCE = 16;

/** More bursts than a submission or a collection has. */
export const MOST_BURSTS = 60;

/**
 * Cuts the link at the k-th burst of a submission, both ways counted together, for every k until a submission has no k-th
 * burst: a command, its answer, and what they are packed in. Expects one job each, that runs once and comes home once.
 *
 * @returns how many bursts there were.
 */
export async function cutEachSubmission(
  system: BatchSystem,
  site: Site,
  when: CutWhen
): Promise<number> {
  for (let burst = 1; burst < MOST_BURSTS; burst += AT_ONCE) {
    const wave = Array.from({ length: AT_ONCE }, (_, index) => burst + index);
    const cuts = await expectOneEach(site, wave.length, () =>
      allOver(wave.map(each => cutAt(system, site, when, each)))
    );
    if (cuts.includes(false)) {
      return burst + cuts.indexOf(false) - 1;
    }
  }
  throw new Error('there is no end to the bursts');
}

/** One job through a cut in its submission; whether there was one. */
function cutAt(system: BatchSystem, site: Site, when: CutWhen, burst: number): Promise<boolean> {
  return behindLink(system, async (bench, link) => {
    await warmUp(bench, site);
    await link.quiet();
    expect(link.connections).toBe(1);
    link.cutAtBurst(when, burst);
    let isCut = false;
    await oneJob(bench, site, `${when} burst ${burst}`, {
      meanwhile: async id => {
        await bench.until(id, ({ submittedAt }) => submittedAt !== null);
        isCut = !link.isPlanned;
        link.forget();
      }
    });
    return isCut;
  });
}

/** Has the sidecar look at the host, over the connection that it will keep: what follows is the submission. */
export async function warmUp({ client }: Bench, { form }: Site): Promise<void> {
  const { notebook: file } = sourceFolder({ 'any.ipynb': notebook('1') });
  await client.check({ ...form, notebook: file, cores: 1, time: '10m' });
}
