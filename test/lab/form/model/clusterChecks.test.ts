import { beforeEach, describe, expect, it } from 'vitest';
import { problem } from '../../../../src/api/problem';
import type { Cluster } from '../../../../src/api/cluster';
import { ClusterChecks } from '../../../../src/lab/form/model/clusterChecks';
import { finishedJob, jobRecord, jobSpec } from '../../../api/jobRecord';
import { FakeClusters, SubmittedJobs, clusterChoice, formWorld, hpc } from '../formWorld';
import { settled } from '../../settled';
import { FakeClusterChecks, clusterCheck, lacking } from './fakeClusterChecks';

let service: FakeClusterChecks;
beforeEach(() => {
  service = new FakeClusterChecks();
});

const here: Cluster = { ...jobRecord().cluster, name: 'hpc', scheduler: 'slurm' };

/** Checks of a form with `hpc`, where it is `chosen`. */
function world({ host = null as string | null, jobs = new SubmittedJobs(), chosen = true } = {}) {
  const cluster = host === null ? here : null;
  const clusters = new FakeClusters([hpc({ cluster, host }), clusterChoice({ cluster: here })]);
  const around = formWorld({ clusters, jobs });
  if (chosen) {
    around.form.set('cluster', 'hpc');
  }
  const checks = new ClusterChecks({ ...around, client: service });
  return { ...around, checks };
}

describe('by itself', () => {
  it('nothing is asked before somebody looks', () => {
    const { checks, clusters } = world();
    clusters.tell({});
    expect(service.asked).toEqual([]);
    expect(checks.current).toEqual({ isChecking: false, check: null, problem: null });
  });

  it('a cluster is checked when it is first in sight, once', async () => {
    const { checks, clusters, form } = world();
    checks.follow();
    expect(checks.current.isChecking).toBe(true);
    form.set('cluster', 'local');
    form.set('cluster', 'hpc');
    service.answer(clusterCheck());
    await settled();
    clusters.tell({});
    checks.follow();
    expect(service.asked).toEqual([{ cluster: 'hpc', environment: [] }]);
    expect(checks.current).toEqual({ isChecking: false, check: clusterCheck(), problem: null });
  });

  it('This machine is not checked', () => {
    const { checks, form } = world({ host: 'login', chosen: false });
    checks.follow();
    form.set('cluster', 'local');
    expect(service.asked).toEqual([]);
  });

  it('another host is left alone until a person chooses it', () => {
    const { checks, form } = world({ host: 'login', chosen: false });
    checks.follow();
    expect(service.asked).toEqual([]);
    form.set('cluster', 'hpc');
    expect(service.asked).toHaveLength(1);
  });

  it('another host where a job ran has been chosen before', () => {
    const jobs = new SubmittedJobs([finishedJob({ spec: jobSpec({ cluster: 'hpc' }) })]);
    world({ host: 'login', jobs, chosen: false }).checks.follow();
    expect(service.asked).toHaveLength(1);
  });

  it.each([
    ['of which nothing was known is listed anew once it has been checked', 'login', 1],
    ['that is known is not', null, 0]
  ])('a cluster %s', async (_, host, loads) => {
    const { checks, clusters } = world({ host });
    checks.follow();
    const before = clusters.loads;
    service.answer(clusterCheck());
    await settled();
    expect(clusters.loads - before).toBe(loads);
  });

  it('a cluster is checked again when the settings have changed, and nothing of before is shown', async () => {
    const { checks } = world();
    checks.follow();
    checks.forget();
    service.answer(lacking());
    await settled();
    expect(checks.current).toEqual({ isChecking: true, check: null, problem: null });
    service.answer(clusterCheck());
    await settled();
    expect(checks.current.check).toEqual(clusterCheck());
    expect(service.asked).toHaveLength(2);
  });
});

describe('what a login asks', () => {
  it('is asked when the person wants the check, who is at a page that hears it', async () => {
    const { checks, jobs } = world();
    checks.follow();
    service.fail(problem('login-asks', { host: 'login', user: 'ada' }));
    await settled();
    expect([service.asks, jobs.followers]).toEqual([[false], 0]);
    const asked = checks.ask();
    expect([service.asks, jobs.followers]).toEqual([[false, true], 1]);
    service.answer(clusterCheck());
    await asked;
    expect([checks.current.check, jobs.followers]).toEqual([clusterCheck(), 0]);
  });
});

describe('an answer', () => {
  it('is shown for no other cluster, and is still there when its own is chosen again', async () => {
    const { checks, form } = world();
    void checks.ask();
    form.set('cluster', 'local');
    service.answer(clusterCheck());
    await settled();
    expect(checks.current.check).toBeNull();
    expect(checks.queues).toEqual([]);
    form.set('cluster', 'hpc');
    expect(checks.current.check).toEqual(clusterCheck());
  });

  it('has the accounts that a site tells where the batch system is silent, and loses nothing that was known', async () => {
    const { checks } = world();
    checks.follow();
    const account = { name: 'physics', notIn: [], qos: [], defaultQos: null, words: '7 h left' };
    const silent = clusterCheck({ queues: [], accounts: [account] });
    service.answer(silent);
    await settled();
    expect([checks.queues, checks.accounts]).toEqual([[], [account]]);
    for (const answer of [clusterCheck(), silent]) {
      const asked = checks.ask();
      service.answer(answer);
      await asked;
    }
    expect(checks.queues).toHaveLength(3);
  });

  it('is not shown for another Python or other lines, but queues stay known', async () => {
    const { checks, form } = world();
    form.set('environment', ['module load python', '']);
    void checks.ask();
    service.answer(clusterCheck());
    await settled();
    expect(service.asked).toEqual([{ cluster: 'hpc', environment: ['module load python'] }]);
    expect(checks.current.check).not.toBeNull();
    form.set('python', '/other');
    expect(checks.current.check).toBeNull();
    expect(checks.queues).toHaveLength(3);
    void checks.ask();
    expect(service.asked[1]).toMatchObject({ python: '/other' });
  });

  it('tells of the queue that the form has now', async () => {
    const { checks, form } = world();
    void checks.ask();
    service.answer(clusterCheck());
    await settled();
    const queueCode = (): string | undefined =>
      checks.current.check?.parts.find(({ what }) => what === 'queues')?.problem?.code;
    expect(queueCode()).toBeUndefined();
    form.set('queue', 'down');
    expect(queueCode()).toBe('queue-unusable');
    form.set('queue', 'main');
    expect(queueCode()).toBeUndefined();
  });

  it('that does not come is a problem, until the next', async () => {
    const { checks } = world();
    void checks.ask();
    service.fail(problem('server-silent', {}));
    await settled();
    expect(checks.current.problem?.code).toBe('server-silent');
    void checks.ask();
    void checks.ask();
    expect(checks.current).toMatchObject({ isChecking: true, problem: { code: 'server-silent' } });
    service.answer(clusterCheck());
    await settled();
    expect(checks.current).toEqual({ isChecking: false, check: clusterCheck(), problem: null });
    expect(service.asked).toHaveLength(2);
  });
});
