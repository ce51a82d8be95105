import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, allOver, expectOneEach, oneJob } from '../jobs/durability';
import type { Bench } from '../jobs/harness';
import { notebook } from '../jobs/notebook';
import { sourceFolder } from '../jobs/sourceFolder';
import { type CutWhen, behindLink } from './link';
import { quickPython } from '../jobs/quickPython';
import {
  type TestCluster,
  clusterOf,
  jobsTaken,
  skippedFor,
  startCluster,
  stopCluster,
  whyNoCluster
} from './testCluster';

const reason = whyNoCluster();

/** Jobs at a time, each with a sidecar and a link of its own. */
const AT_ONCE = 16;

/** More bursts than a submission has. */
const MOST_BURSTS = 60;

describe.skipIf(reason !== null)(`Slurm behind a link that breaks${skippedFor(reason)}`, () => {
  let cluster: TestCluster;
  let site: Site;

  beforeAll(() => {
    clusterOf(__filename);
    cluster = startCluster();
    site = {
      form: { cluster: 'slurm', python: quickPython(cluster.home) },
      variables: {},
      home: cluster.home,
      taken: () => jobsTaken(cluster)
    };
  }, 60_000);

  afterAll(() => stopCluster(), 60_000);

  // Both ways count together: a command, its answer, and what they are packed in.
  test.each(['before', 'after'] as const)(
    'a link that is cut %s any burst of a submission leaves one job, that runs once and comes home once',
    async when => {
      for (let burst = 1; burst < MOST_BURSTS; burst += AT_ONCE) {
        const wave = Array.from({ length: AT_ONCE }, (_, index) => burst + index);
        const cuts = await expectOneEach(site, wave.length, () =>
          allOver(wave.map(each => cutAt(when, each)))
        );
        if (cuts.includes(false)) {
          expect(burst + cuts.indexOf(false) - 1).toBeGreaterThanOrEqual(5);
          return;
        }
      }
      throw new Error('there is no end to the bursts');
    },
    240_000
  );

  // One job is enough: whatever came home twice, or in part, would stay there.
  test.concurrent.each(['before', 'after'] as const)(
    'a link that is cut %s any burst of a collection brings nothing home but the whole result, once',
    async when => {
      let cuts = 0;
      await behindLink(cluster, (bench, link) =>
        oneJob(bench, site, `${when} any burst`, {
          meanwhile: async (id, source) => {
            const { folder } = source;
            // Its own attempt fails: there is no folder for the result.
            renameSync(folder, `${folder}.away`);
            writeFileSync(folder, '');
            await bench.until(id, ({ result }) => result.place === 'kept');
            rmSync(folder);
            renameSync(`${folder}.away`, folder);
            for (let burst = 1; burst < MOST_BURSTS; burst += 1) {
              await link.quiet();
              link.cutAtBurst(when, burst);
              const { result } = await bench.client.fetch(id);
              if (result.place === 'here') {
                break;
              }
              cuts = burst;
              expect(result).toMatchObject({
                place: 'kept',
                problem: { code: 'cluster-unreachable' },
                notebook: null,
                files: { count: 0 }
              });
              expect(source.newFiles()).toEqual([]);
            }
            link.forget();
          }
        })
      );
      expect(cuts).toBeGreaterThanOrEqual(5);
    },
    120_000
  );

  test.concurrent(
    'a link that is cut in the middle of the data, there and back, leaves nothing half',
    async () => {
      const data = randomBytes(4_000_000).toString('hex');
      await behindLink(cluster, async (bench, link) => {
        await warmUp(bench);
        link.cutAtByte('there', 3_000_000);
        const job = await oneJob(bench, site, 'in the middle', {
          files: { 'data.txt': data },
          written: { 'copy.txt': data },
          meanwhile: async id => {
            const { contact, directory } = await bench.until(
              id,
              one => one.contact.problem !== null
            );
            expect(contact.problem?.code).toBe('cluster-unreachable');
            expect(existsSync(path.join(directory, 'submit.claim'))).toBe(false);
            await bench.until(id, ({ submittedAt }) => submittedAt !== null);
            link.cutAtByte('back', 3_000_000);
            const { result } = await bench.until(id, one => one.result.problem !== null);
            expect(result).toMatchObject({
              place: 'fetching',
              problem: { code: 'cluster-unreachable' }
            });
          }
        });
        expect(link.connections).toBe(3);
        const sent = path.join(job.directory, 'work/project/data.txt');
        expect(readFileSync(sent, 'utf8') === data).toBe(true);
        expect(readdirSync(job.directory).filter(name => name.startsWith('upload'))).toEqual([]);
      });
    },
    120_000
  );

  /** One job through a cut in its submission; whether there was one. */
  function cutAt(when: CutWhen, burst: number): Promise<boolean> {
    return behindLink(cluster, async (bench, link) => {
      // The host is known, and there is a connection: what follows is the submission.
      await warmUp(bench);
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

  /** Has the sidecar look at the host, over the connection that it will keep. */
  async function warmUp({ client }: Bench): Promise<void> {
    const { notebook: file } = sourceFolder({ 'any.ipynb': notebook('1') });
    await client.check({ ...site.form, notebook: file, cores: 1, time: '10m' });
  }
});
