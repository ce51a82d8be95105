import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bench } from '../jobs/harness';
import { type Site, oneJob } from '../jobs/durability';
import { quickPython } from '../jobs/quickPython';
import { makeTemp } from '../makeTemp';
import { type Link, behindLink } from './link';
import {
  type TestCluster,
  clusterOf,
  skippedFor,
  sshdLog,
  startCluster,
  stopCluster,
  whyNoCluster
} from './testCluster';

const reason = whyNoCluster();

/** An environment line that waits for a file of the job's id. */
const WAIT = 'until [ -e "$HOME/go.$JUPYTERLAB_SUBMIT_JOB" ]; do sleep 0.1; done';

describe.skipIf(reason !== null)(`login nodes as they are${skippedFor(reason)}`, () => {
  let cluster: TestCluster;
  let site: Site;

  beforeAll(() => {
    clusterOf(__filename);
    cluster = startCluster();
    site = {
      form: { cluster: 'slurm', python: quickPython(cluster.home) },
      variables: {},
      home: cluster.home,
      taken: null
    };
  });

  afterAll(() => stopCluster());

  test.each(['ssh2', 'openssh'])(
    'behind a link of 300 ms that stalls now and then for more than a second: by %s a job goes and comes home, with one login',
    async transport => {
      const settings = { clusters: [{ name: 'slurm', host: 'slurm', transport }] };
      const data = randomBytes(1_000_000).toString('hex');
      const work = async (bench: Bench, link: Link): Promise<void> => {
        link.slow({ milliseconds: 150, hundredth: 1650 });
        await oneJob(bench, site, 'far away', {
          files: { 'data.txt': data },
          written: { 'copy.txt': data }
        });
        expect(link.connections).toBe(1);
      };
      await behindLink(cluster, work, [], settings);
    },
    120_000
  );

  test.each(['ssh2', 'openssh'])(
    'behind a gateway that is rebooted: by %s the job goes on, the person is told once, and the connection comes back by itself',
    async transport => {
      const file = path.join(makeTemp(), 'ssh_config');
      writeFileSync(
        file,
        `Host slurm\n  ProxyJump slurm-transfer\nHost *\nInclude ${cluster.sshConfig}\n`
      );
      const bench = await Bench.start({
        variables: {
          JUPYTERLAB_SUBMIT_SSH_CONFIG: file,
          JUPYTERLAB_SUBMIT_LOGIN_PAUSE_SECONDS: '2'
        },
        settings: { clusters: [{ name: 'slurm', host: 'slurm', transport }] }
      });
      try {
        const told: (string | null)[] = [];
        const form = { ...site.form, environment: [WAIT] };
        await oneJob(bench, { ...site, form }, 'behind a gateway', {
          meanwhile: async id => {
            await bench.until(id, ({ startedAt }) => startedAt !== null);
            const watching = bench.until(id, job => {
              const code = job.contact.problem?.code ?? null;
              if (code !== (told.at(-1) ?? null)) {
                told.push(code);
              }
              return told.length > 0 && code === null;
            });
            reboot('sshd-transfer');
            await bench.until(id, ({ contact }) => contact.problem !== null);
            // As long as some attempts to come back.
            await sleep(7000);
            expect((await bench.client.job(id)).state).toBe('starting');
            startCluster();
            await watching;
            writeFileSync(path.join(cluster.home, `go.${id}`), '');
          }
        });
        expect(told).toEqual(['cluster-unreachable', null]);
      } finally {
        startCluster();
        await bench.stop();
      }
    },
    120_000
  );

  /** Ends a server, and all that is logged in there. */
  function reboot(daemon: string): void {
    stopCluster(daemon);
    for (const [, pid] of sshdLog(cluster, daemon).matchAll(/^User child is on pid (\d+)/gm)) {
      try {
        process.kill(Number(pid), 'SIGKILL');
      } catch {
        // It has ended before.
      }
    }
  }
});
