import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Site, oneJob } from '../jobs/durability';
import { type BatchSystem, siteOf, startSlurm } from './batchSystem';
import { MOST_BURSTS, cutEachSubmission, warmUp } from './cutSubmission';
import { behindLink } from './link';
import { skippedFor, whyNoCluster } from './testCluster';

const reason = whyNoCluster();

describe.skipIf(reason !== null)(`Slurm behind a link that breaks${skippedFor(reason)}`, () => {
  let system: BatchSystem;
  let site: Site;

  beforeAll(() => {
    system = startSlurm(__filename);
    site = siteOf(system);
  });

  afterAll(() => system.stop());

  test.each(['before', 'after'] as const)(
    'a link that is cut %s any burst of a submission leaves one job, that runs once and comes home once',
    async when => {
      expect(await cutEachSubmission(system, site, when)).toBeGreaterThanOrEqual(5);
    },
    240_000
  );

  // One job is enough: whatever came home twice, or in part, would stay there.
  test.concurrent.each(['before', 'after'] as const)(
    'a link that is cut %s any burst of a collection brings nothing home but the whole result, once',
    async when => {
      let cuts = 0;
      await behindLink(system, (bench, link) =>
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
      await behindLink(system, async (bench, link) => {
        await warmUp(bench, site);
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
});
