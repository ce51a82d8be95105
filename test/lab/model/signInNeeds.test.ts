import { beforeEach, describe, expect, it } from 'vitest';
import type { JobRecord } from '../../../src/api/job';
import { type ProblemError, problem } from '../../../src/api/problem';
import { signInNeeds } from '../../../src/lab/model/signInNeeds';
import { finishedJob, jobRecord } from '../../api/jobRecord';
import { FakePages } from '../fakePages';

const host = 'hpc';
const asks = problem('login-asks', { host, user: 'ada' });
const silent = problem('cluster-unreachable', { cluster: host });

/** A job on `hpc` with this in the way, which was heard of before. */
function away(why: ProblemError | null, change: Partial<JobRecord> = {}): JobRecord {
  const cluster = { ...jobRecord().cluster, host };
  return jobRecord({
    state: 'running',
    cluster,
    contact: { seenAt: 5, problem: why?.problem ?? null },
    ...change
  });
}

describe('a host wants the person', () => {
  it.each([
    asks,
    problem('key-locked', { host, key: '/k' }),
    problem('host-key-unknown', { host, fingerprint: 'SHA256:x' }),
    problem('sign-in-cancelled', { host }),
    problem('sign-in-expired', { host }),
    problem('answer-refused', { host, user: 'ada' })
  ])('when $problem.code is in the way of its jobs', why => {
    const job = away(why);
    expect(signInNeeds([job, away(why, { id: 'bbbbbbbb' })])).toEqual([{ host, job }]);
  });

  it.each<[string, JobRecord]>([
    ['nothing is in the way', away(null)],
    ['something else is', away(silent)],
    ['it never let us in', away(asks, { contact: { seenAt: null, problem: asks.problem } })],
    ['the job is over', { ...away(asks), state: finishedJob().state }],
    ['it is this machine', { ...away(asks), cluster: jobRecord().cluster }]
  ])('not when %s', (_, job) => {
    expect(signInNeeds([job])).toEqual([]);
  });
});

describe('that is said', () => {
  let pages: FakePages;
  beforeEach(() => {
    pages = new FakePages();
    pages.jobs = [away(null)];
  });

  it('once, however many jobs wait, until the host is heard of again', async () => {
    const { jobs, wanted } = pages.open();
    jobs.start();
    jobs.follow();
    await pages.pass(1);
    expect(wanted).toEqual([]);
    pages.change(away(asks));
    pages.change(away(asks, { id: 'bbbbbbbb' }));
    await pages.pass(60);
    expect(wanted).toEqual([host]);
    pages.change(away(silent, { id: 'bbbbbbbb' }));
    pages.change(away(problem('sign-in-cancelled', { host })));
    await pages.pass(60);
    expect(wanted).toEqual([host]);
    pages.change(away(null));
    pages.change(away(null, { id: 'bbbbbbbb' }));
    await pages.pass(60);
    pages.change(away(asks));
    await pages.pass(60);
    expect(wanted).toEqual([host, host]);
  });

  it('by one of several pages, and not again by one that is opened later', async () => {
    const [first, second] = [pages.open(), pages.open()];
    for (const { jobs } of [first, second]) {
      jobs.start();
      jobs.follow();
    }
    await pages.pass(1);
    pages.change(away(asks));
    await pages.pass(60);
    const late = pages.open();
    late.jobs.start();
    late.jobs.follow();
    await pages.pass(60);
    expect([...first.wanted, ...second.wanted, ...late.wanted]).toEqual([host]);
  });

  it('by a page that can be seen', async () => {
    const { jobs, page, wanted } = pages.open();
    jobs.start();
    jobs.follow();
    await pages.pass(1);
    page.hide();
    pages.change(away(asks));
    await pages.pass(5);
    expect(wanted).toEqual([]);
    page.show();
    await pages.pass(5);
    expect(wanted).toEqual([host]);
  });

  it('of a list that is known, and not of a job that was just submitted', async () => {
    pages.jobs = [away(asks)];
    const first = pages.open();
    first.jobs.start();
    first.jobs.follow();
    await pages.pass(20);
    expect(first.wanted).toEqual([host]);
    first.jobs.dispose();
    const next = pages.open();
    next.jobs.start();
    await pages.pass(0);
    next.jobs.follow();
    await pages.pass(20);
    expect(next.wanted).toEqual([]);
  });
});
