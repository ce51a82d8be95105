import type { CheckedForm, Presence } from '../../../../src/api/client';
import type { ClusterCheck } from '../../../../src/api/clusterCheck';
import { problem } from '../../../../src/api/problem';
import { later } from '../formWorld';

/** A service whose checks of clusters are answered by a test, one after the other. */
export class FakeClusterChecks {
  readonly asked: CheckedForm[] = [];
  /** Whether somebody was there to answer, for each of them. */
  readonly asks: (boolean | undefined)[] = [];
  private readonly open: ReturnType<typeof later<ClusterCheck>>[] = [];

  checkCluster(form: CheckedForm, { asks }: Presence = {}): Promise<ClusterCheck> {
    this.asked.push(form);
    this.asks.push(asks);
    const answer = later<ClusterCheck>();
    this.open.push(answer);
    return answer.promise;
  }

  /** Answers the oldest question that waits. */
  answer(check: ClusterCheck): void {
    this.open.shift()?.resolve(check);
  }

  fail(error: unknown): void {
    this.open.shift()?.reject(error);
  }
}

/** A Slurm in order, and what a test changes of its answer. */
export function clusterCheck(change: Partial<ClusterCheck> = {}): ClusterCheck {
  return {
    name: 'hpc',
    title: 'HPC',
    scheduler: 'slurm',
    parts: [
      { what: 'reachable', values: { host: 'login1' }, problem: null },
      { what: 'scheduler', values: { version: '23.02.6' }, problem: null },
      { what: 'queues', values: {}, problem: null },
      { what: 'packages', values: { packages: 'nbclient 0.10.2' }, problem: null }
    ],
    queues: [
      { name: 'main', isDefault: true, limitSeconds: 7200, isUsable: true },
      { name: 'free', isDefault: false, limitSeconds: null, isUsable: true },
      { name: 'down', isDefault: false, limitSeconds: null, isUsable: false }
    ],
    accounts: [],
    qos: [],
    ...change
  };
}

/** The same without ipyparallel. */
export function lacking(): ClusterCheck {
  const { parts, ...rest } = clusterCheck();
  const values = { packages: 'ipyparallel', python: '/p', fix: '/p -m pip install ipyparallel' };
  const wrong = problem('packages-missing', values).problem;
  return {
    ...rest,
    parts: parts.map(part => (part.what === 'packages' ? { ...part, problem: wrong } : part))
  };
}
