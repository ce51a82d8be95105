import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import type { Life } from '../../../src/sidecar/lifecycle/life';
import { siteKey } from '../../../src/sidecar/clusters/site';
import { sweep } from '../../../src/sidecar/removal/sweep';
import { finishedJob } from '../../api/jobRecord';
import { closeLife } from '../closeLife';
import { FakeClock } from '../fakeClock';
import { TrickyRemote } from '../trickyRemote';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

describe('the site of a cluster', () => {
  const site = { host: 'hpc', scheduler: 'slurm', variables: {} } as const;

  it.each([
    ['another host', { ...site, host: 'hpc2' }],
    ['this machine', { ...site, host: null }],
    ['another batch system', { ...site, scheduler: 'local' } as const],
    ['another configuration of it', { ...site, variables: { SLURM_CONF: '/b/slurm.conf' } }],
    ['another of its clusters', { ...site, variables: { SLURM_CLUSTERS: 'b' } }]
  ])('is another one with %s', (_, other) => {
    expect(siteKey(other)).not.toBe(siteKey(site));
  });

  it('is the same in terminals that find programs in other places', () => {
    const variables = { PATH: '/opt/mine/bin:/usr/bin' };
    expect(siteKey({ ...site, variables })).toBe(siteKey(site));
  });
});

describe('jobs that run', () => {
  let clock: FakeClock;
  let hosts: { a: TrickyRemote; b: TrickyRemote };
  let bench: Workbench;
  let life: Life;
  beforeEach(() => {
    clock = new FakeClock();
    hosts = { a: new TrickyRemote(), b: new TrickyRemote() };
    bench = makeWorkbench({ clock, remotes: { ...hosts } });
    life = closeLife(bench.context);
  });
  afterEach(async () => {
    bench.stop();
    await life.rest();
  });

  /** A job of a cluster, whose first cell is in work there. */
  async function running(id: string, cluster: Partial<JobRecord['cluster']>): Promise<JobRecord> {
    const record = await addJob(bench, id);
    const at = { schedulerId: '999999999', host: 'node', startedAt: 1_790_000_001 };
    mkdirSync(record.directory, { recursive: true });
    writeFileSync(path.join(record.directory, 'started.json'), JSON.stringify(at));
    return bench.context.jobs.update(id, {
      cluster: { ...record.cluster, name: 'hpc', ...cluster },
      state: 'queued',
      schedulerId: '999999999',
      submittedAt: clock.now()
    });
  }

  /** The ids of the jobs that each command looked at, for those commands that looked. */
  function looks(remote: TrickyRemote): string[] {
    return remote.scripts
      .map(script => [...new Set(script.match(/\b[ab]job000\d\b/g))].toSorted().join(' '))
      .filter(ids => ids !== '');
  }

  async function seen(...ids: string[]): Promise<void> {
    await vi.waitFor(
      () => ids.forEach(id => expect(bench.context.jobs.get(id).state).toBe('starting')),
      15_000
    );
  }

  it('of a setting that was edited meanwhile are each looked for where they are', async () => {
    life.goOn(await running('ajob0001', { host: 'a' }));
    life.goOn(await running('bjob0002', { host: 'b' }));
    await seen('ajob0001', 'bjob0002');
    expect(new Set(looks(hosts.a))).toEqual(new Set(['ajob0001']));
    expect(new Set(looks(hosts.b))).toEqual(new Set(['bjob0002']));
  });

  it('under two names of one host are looked for together', async () => {
    const first = await running('ajob0001', { host: 'a' });
    life.goOn(await running('bjob0002', { host: 'a', name: 'other' }));
    life.goOn(first);
    await seen('ajob0001', 'bjob0002');
    expect(new Set(looks(hosts.a))).toEqual(new Set(['ajob0001 bjob0002']));
    expect(looks(hosts.b)).toEqual([]);
  });

  it('in two Slurms of one host are looked for in their own', async () => {
    writeFileSync(path.join(bench.home, 'squeue'), '#!/bin/sh\n', { mode: 0o755 });
    const slurm = (configuration: string): Partial<JobRecord['cluster']> => ({
      host: 'a',
      scheduler: 'slurm',
      variables: { SLURM_CONF: configuration, PATH: `${bench.home}:${process.env['PATH']}` }
    });
    life.goOn(await running('ajob0001', slurm('/one')));
    life.goOn(await running('bjob0002', slurm('/two')));
    await seen('ajob0001', 'bjob0002');
    for (const script of hosts.a.scripts) {
      expect(script.includes('ajob0001')).toBe(script.includes('/one'));
      expect(script.includes('bjob0002')).toBe(script.includes('/two'));
    }
  });

  it('one of two hosts that is away keeps the other from nothing', async () => {
    hosts.a.isDown = true;
    life.goOn(await running('ajob0001', { host: 'a' }));
    life.goOn(await running('bjob0002', { host: 'b' }));
    await seen('bjob0002');
    await vi.waitFor(() =>
      expect(bench.context.jobs.get('ajob0001').contact.problem).not.toBeNull()
    );
    expect(bench.context.jobs.get('bjob0002').contact.problem).toBeNull();
  });

  it('leave folders that are removed where they are, under whichever name', async () => {
    const change = {
      state: 'succeeded',
      result: finishedJob().result,
      endedAt: 0,
      endSeenAt: 0
    } as const;
    const ids = ['ajob0001', 'ajob0002', 'bjob0003'];
    const [here] = [
      await running('ajob0001', { host: 'a' }),
      await running('ajob0002', { host: 'a', name: 'other' }),
      await running('bjob0003', { host: 'b' })
    ];
    ids.forEach(id => bench.context.jobs.update(id, change));
    await sweep(bench.context, here.cluster);
    const swept = ids.map(id => bench.context.jobs.get(id)).filter(({ isSwept }) => isSwept);
    expect(swept.map(({ id }) => id)).toEqual(['ajob0001', 'ajob0002']);
    expect(ids.map(id => existsSync(bench.context.jobs.get(id).directory))).toEqual([
      false,
      false,
      true
    ]);
    expect(hosts.b.scripts).toEqual([]);
  });
});
