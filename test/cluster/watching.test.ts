import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Cluster } from '../../src/api/cluster';
import { type JobRecord, newJobId } from '../../src/api/job';
import { Agents } from '../../src/sidecar/remote/agents';
import type { Context } from '../sidecar/makeContext';
import { Jobs } from '../../src/sidecar/records/jobs';
import { newJob } from '../../src/sidecar/submission/newJob';
import { Remotes } from '../../src/sidecar/remote/remotes';
import { Watcher } from '../../src/sidecar/watching/watch';
import { makeTemp } from '../makeTemp';
import { FakeClock } from '../sidecar/fakeClock';
import { Proxy } from '../sidecar/remote/ssh2/sshServer';
import { makeWorkbench, planFor } from '../sidecar/workbench';
import {
  type TestCluster,
  clusterOf,
  sessions,
  skippedFor,
  startCluster,
  stopCluster,
  whyNoCluster
} from './testCluster';
import { Questions } from '../../src/sidecar/remote/questions';

const reason = whyNoCluster();

/** The most that a look may carry while nothing changes, in bytes. */
const MOST_BYTES = 64_000;

describe.skipIf(reason !== null)(`watching over SSH${skippedFor(reason)}`, () => {
  let cluster: TestCluster;

  beforeAll(() => {
    clusterOf(__filename);
    cluster = startCluster();
  });

  afterAll(() => stopCluster());

  test.each([1, 1000])(
    'of %s jobs takes one session and at most one squeue a look, and few bytes',
    async count => {
      const folder = makeTemp();
      const proxy = await Proxy.start(cluster.port);
      const remotes = new Remotes(
        configThrough(folder, cluster, proxy),
        new Agents({}),
        new Questions(),
        new FakeClock(),
        pino({ level: 'silent' })
      );
      const clock = new FakeClock();
      const bench = makeWorkbench({ clock });
      // A thousand records on disk would take longer than all the rest.
      const store = {
        ...bench.store,
        all: () => [],
        add: () => true,
        save: () => undefined
      };
      const jobs = new Jobs(store, bench.context.log);
      const context: Context = { ...bench.context, jobs, remoteOf: at => remotes.of(at) };
      const { calls, programs } = countedSqueue(folder);
      const base = path.join(folder, 'jobs');
      const record = newJob('aaaaaaaa', await planFor(bench), clock.now());
      const far: Cluster = {
        ...record.cluster,
        name: 'far',
        host: 'slurm',
        scheduler: 'slurm',
        baseFolder: base,
        variables: {
          PATH: `${programs}:${process.env['PATH']}`,
          SLURM_CONF: cluster.slurmConf
        }
      };
      for (let index = 0; index < count; index += 1) {
        const id = newJobId(Math.random);
        const job: JobRecord = {
          ...record,
          id,
          state: 'running',
          submittedAt: clock.now(),
          schedulerId: String(900_000 + index),
          directory: path.join(base, id),
          cluster: far
        };
        writeStateFiles(job.directory);
        context.jobs.add(job, null);
      }
      const watcher = new Watcher(context, far, {
        attention: () => 'close',
        over: () => undefined
      });
      const seen: { sessions: number; squeue: number; bytes: number }[] = [];
      for (let tick = 0; tick < 4; tick += 1) {
        const before = { sessions: sessions(cluster), squeue: lines(calls), bytes: proxy.bytes };
        const rests = clock.sleeps.length;
        if (tick === 0) {
          watcher.hurry();
        } else {
          clock.advance(3.5);
        }
        await vi.waitUntil(() => clock.sleeps.length > rests, { timeout: 30_000 });
        seen.push({
          sessions: sessions(cluster) - before.sessions,
          squeue: lines(calls) - before.squeue,
          bytes: proxy.bytes - before.bytes
        });
      }
      remotes.close();
      expect(jobs.list().map(({ progress }) => progress?.cell?.index)).toEqual(
        Array(count).fill(1)
      );
      expect(seen.map(({ sessions: opened }) => opened)).toEqual([1, 1, 1, 1]);
      expect(seen.map(({ squeue }) => squeue)).toEqual([1, 0, 0, 0]);
      for (const { bytes } of seen.slice(1)) {
        expect(bytes).toBeLessThan(MOST_BYTES);
      }
    },
    120_000
  );
});

function configThrough(folder: string, cluster: TestCluster, { port }: Proxy): string {
  const known = readFileSync(path.join(cluster.folder, 'known_hosts'), 'utf8');
  writeFileSync(path.join(folder, 'known_hosts'), known.replaceAll(/:\d+ /g, `:${port} `));
  const file = path.join(folder, 'config');
  const ours = `Host slurm\n  Port ${port}\n  UserKnownHostsFile ${folder}/known_hosts\n`;
  writeFileSync(file, `${ours}Host *\nInclude ${cluster.sshConfig}\n`);
  return file;
}

/** A squeue before the real one that leaves a line for each call. */
function countedSqueue(folder: string): { calls: string; programs: string } {
  const programs = path.join(folder, 'programs');
  const calls = path.join(folder, 'calls');
  mkdirSync(programs);
  chmodSync(folder, 0o755);
  writeFileSync(calls, '');
  chmodSync(calls, 0o666);
  const script = `#!/bin/sh\necho squeue >>'${calls}'\nexec /usr/bin/squeue "$@"\n`;
  writeFileSync(path.join(programs, 'squeue'), script, { mode: 0o755 });
  return { calls, programs };
}

function lines(file: string): number {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
}

function writeStateFiles(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const now = 1_790_000_000;
  writeFileSync(
    path.join(directory, 'started.json'),
    JSON.stringify({ schedulerId: '1', host: 'n1', startedAt: now })
  );
  const progress = {
    at: now,
    phase: 'running',
    engines: { ready: 2, wanted: 2 },
    cell: { index: 1, total: 3, startedAt: now }
  };
  writeFileSync(path.join(directory, 'progress.json'), JSON.stringify(progress));
}
