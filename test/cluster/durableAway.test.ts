import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newJobId } from '../../src/api/job';
import { type Site, type Trial, oneJob } from '../jobs/durability';
import type { Bench } from '../jobs/harness';
import { type Link, behindLink } from './link';
import { quickPython } from '../jobs/quickPython';
import {
  type TestCluster,
  clusterOf,
  jobsTaken,
  skippedFor,
  sshdLog,
  startCluster,
  stopCluster,
  whyNoCluster
} from './testCluster';

const reason = whyNoCluster();

/**
 * Stands before the real sbatch on the PATH of the cluster's user. It does with a job what a file of its id says.
 */
const SBATCH = `#!/bin/bash
[[ "$*" =~ --job-name=([a-z0-9]{8}) ]] && id=\${BASH_REMATCH[1]}
echo called >>"$HOME/sbatch.$id"
case $(cat "$HOME/how.$id" 2>/dev/null) in
  slow) sleep 8; exec /usr/bin/sbatch "$@" ;;
  unheard)
    /usr/bin/sbatch "$@" >/dev/null
    echo 'sbatch: error: Batch job submission failed: Socket timed out on send/recv operation' >&2
    exit 1 ;;
  *) exec /usr/bin/sbatch "$@" ;;
esac
`;

/** An environment line that waits for a file of the job's id. */
const WAIT = 'until [ -e "$HOME/go.$JUPYTERLAB_SUBMIT_JOB" ]; do sleep 0.1; done';

describe.skipIf(reason !== null)(
  `Slurm behind SSH, while nobody hears of it${skippedFor(reason)}`,
  () => {
    let cluster: TestCluster;
    let site: Site;
    let jobs = 0;

    beforeAll(() => {
      clusterOf(__filename);
      cluster = startCluster();
      site = {
        form: { cluster: 'slurm', python: quickPython(cluster.home) },
        variables: {},
        home: cluster.home,
        taken: null
      };
      mkdirSync(path.join(cluster.home, 'bin'));
      writeFileSync(path.join(cluster.home, 'bin/sbatch'), SBATCH);
      chmodSync(path.join(cluster.home, 'bin/sbatch'), 0o755);
      // Each of squeue's two questions to a controller that is stopped takes so many seconds, and 10 by default.
      const conf = `${readFileSync(cluster.slurmConf, 'utf8')}\nMessageTimeout=4\n`;
      writeFileSync(path.join(cluster.home, 'slurm.conf'), conf);
      const lines = ['PATH=$HOME/bin:$PATH', 'export SLURM_CONF=$HOME/slurm.conf', ''];
      writeFileSync(path.join(cluster.home, '.bashrc'), lines.join('\n'));
    }, 60_000);

    afterAll(() => stopCluster(), 60_000);

    /** One job; with `waits`, it runs until it is told to go on. */
    async function job(
      bench: Bench,
      trial: Trial,
      { waits = true }: { waits?: boolean } = {}
    ): Promise<void> {
      jobs += 1;
      const environment = waits ? [WAIT] : [];
      await oneJob(bench, { ...site, form: { ...site.form, environment } }, 'the job', trial);
    }

    function goOn(id: string): void {
      writeFileSync(path.join(cluster.home, `go.${id}`), '');
    }

    /** Waits until the job runs, and has been seen to; gives when it was. */
    async function running(bench: Bench, id: string): Promise<number> {
      const { contact } = await bench.until(id, ({ startedAt }) => startedAt !== null);
      expect(contact.problem).toBeNull();
      return contact.seenAt ?? 0;
    }

    /** Waits until the person is told that the cluster is not heard, and since when; the job is as it was. */
    async function unheard(bench: Bench, id: string): Promise<void> {
      const { contact, state } = await bench.until(id, one => one.contact.problem !== null);
      expect(contact.problem?.code).toBe('cluster-unreachable');
      expect(contact.seenAt).toBeGreaterThan(Date.now() / 1000 - 60);
      expect(state).toBe('starting');
    }

    async function over(bench: Bench, id: string): Promise<void> {
      const { directory } = await bench.client.job(id);
      while (!existsSync(path.join(directory, 'exit.json'))) {
        await sleep(100);
      }
    }

    test.concurrent(
      'a job whose cluster cannot be reached is shown as it was last seen, goes on, and comes home afterwards',
      () =>
        behindLink(cluster, (bench, link) =>
          job(bench, {
            meanwhile: async id => {
              await running(bench, id);
              link.down();
              await unheard(bench, id);
              goOn(id);
              await over(bench, id);
              expect((await bench.client.job(id)).state).toBe('starting');
              link.restore();
            }
          })
        ),
      120_000
    );

    test.concurrent(
      'a link that swallows everything is noticed, as soon as the configuration says, and made anew',
      () =>
        behindLink(
          cluster,
          async (bench, link) => {
            await job(bench, {
              meanwhile: async id => {
                await running(bench, id);
                link.silence();
                // Nobody is told where the next command finds the new one already.
                await expect.poll(() => link.connections, { timeout: 20_000 }).toBe(2);
                goOn(id);
              }
            });
            expect(link.connections).toBe(2);
          },
          ['ServerAliveInterval 2', 'ServerAliveCountMax 2']
        ),
      120_000
    );

    test.concurrent.each(['the link is cut', 'the sidecar is killed'])(
      'a submission that goes on when %s is found, and not made again',
      async what => {
        const calls = await behindLink(cluster, (bench, link) =>
          submit(bench, 'slow', async id => {
            while (!existsSync(path.join(cluster.home, `sbatch.${id}`))) {
              await sleep(20);
            }
            await (what === 'the link is cut' ? cutOff(bench, link, id) : killed(bench));
          })
        );
        expect(calls).toBe('called\n');
      },
      120_000
    );

    test.concurrent(
      'a submission that Slurm has taken, and whose answer timed out, is found by its name, and not made again',
      async () => {
        expect(await behindLink(cluster, bench => submit(bench, 'unheard'))).toBe('called\n');
      },
      120_000
    );

    /** A job whose sbatch does so; how often it was called. */
    async function submit(
      bench: Bench,
      how: 'slow' | 'unheard',
      meanwhile?: (id: string) => Promise<void>
    ): Promise<string> {
      const id = newJobId(Math.random);
      writeFileSync(path.join(cluster.home, `how.${id}`), how);
      await job(bench, { id, ...(meanwhile && { meanwhile }) }, { waits: false });
      return readFileSync(path.join(cluster.home, `sbatch.${id}`), 'utf8');
    }

    async function cutOff(bench: Bench, link: Link, id: string): Promise<void> {
      link.cut();
      const { contact, submittedAt } = await bench.until(id, one => one.contact.problem !== null);
      expect(contact.problem?.code).toBe('cluster-unreachable');
      expect(submittedAt).toBeNull();
    }

    async function killed(bench: Bench): Promise<void> {
      await bench.kill();
      await bench.startSidecar();
    }

    test.concurrent(
      'a machine that wakes makes one connection, and tells what became of the job',
      () =>
        behindLink(cluster, (bench, link) =>
          job(bench, {
            meanwhile: async id => {
              await running(bench, id);
              const { pid } = await bench.client.ping();
              process.kill(pid, 'SIGSTOP');
              goOn(id);
              // The time of day goes on, as it does while a machine sleeps, and what was connected is forgotten.
              await sleep(31_500);
              link.silence();
              const before = loginsOf(link).length;
              process.kill(pid, 'SIGCONT');
              const began = Date.now();
              await bench.until(id, ({ result }) => result.place === 'here');
              // Keep-alive would take most of a minute.
              expect(Date.now() - began).toBeLessThan(20_000);
              expect(loginsOf(link)).toHaveLength(before + 1);
            }
          })
        ),
      120_000
    );

    /** The ports of a link's connections that the server has let in. */
    function loginsOf({ ports }: Link): number[] {
      const log = sshdLog(cluster);
      return ports.filter(port =>
        log.includes(
          `Accepted publickey for ${path.basename(cluster.home)} from 127.0.0.1 port ${port} `
        )
      );
    }

    test('a job runs on, and comes home, while slurmctld is stopped', async () => {
      await behindLink(cluster, bench =>
        job(bench, {
          meanwhile: async id => {
            await running(bench, id);
            stopCluster('slurmctld');
            try {
              // Files and queue are looked at, now.
              const { cause, contact, state } = await bench.client.refresh(id);
              expect({ cause, state }).toEqual({ cause: null, state: 'starting' });
              expect(contact.problem).toBeNull();
              goOn(id);
              await bench.until(id, ({ result }) => result.place === 'here');
            } finally {
              startCluster();
            }
          }
        })
      );
    }, 120_000);

    test('and Slurm itself has counted one job for each of these', () => {
      expect(jobsTaken(cluster)).toBe(jobs);
    });
  }
);
