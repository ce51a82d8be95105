import { describe, expect, it } from 'vitest';
import type { Locks } from '../../../src/lab/page/page';
import { jobRecord } from '../../api/jobRecord';
import { FakePages } from '../fakePages';
import { json } from '../fakeServer';

const refusing: Locks = {
  request: () => Promise.reject(new DOMException('The request was denied.', 'SecurityError'))
};

const running = jobRecord({ state: 'running' });

describe('where pages cannot agree on who has the stream', () => {
  it.each<[string, Locks | null]>([
    ['there are no locks', null],
    ['locks are refused', refusing]
  ])('each one that is seen looks at the list every few seconds: %s', async (_, locks) => {
    const pages = new FakePages();
    pages.jobs = [running];
    const { jobs, page } = pages.open({ locks });
    const following = jobs.follow();
    await pages.pass(11);
    expect(jobs.phase).toBe('live');
    expect(jobs.list).toEqual([running]);
    expect(pages.server.routesAsked).toEqual(['GET jobs', 'GET jobs', 'GET jobs']);
    page.hide();
    await pages.pass(10);
    const asked = pages.server.asked.length;
    await pages.pass(600);
    expect(pages.server.asked).toHaveLength(asked);
    page.show();
    await pages.pass(1);
    expect(pages.server.asked).toHaveLength(asked + 1);
    following.dispose();
    await pages.pass(60);
    expect(pages.server.asked.length).toBeLessThan(asked + 5);
    expect(pages.server.routesAsked).not.toContain('GET events');
  });

  it('is more patient with a server that does not answer', async () => {
    const pages = new FakePages();
    const { jobs } = pages.open({ locks: null });
    jobs.follow();
    await pages.pass(1);
    pages.server.on('GET jobs', () => json({ message: 'Bad gateway' }, 502));
    await pages.pass(120);
    expect(jobs.phase).toBe('offline');
    expect(pages.server.asked.length).toBeLessThan(12);
    pages.server.on('GET jobs', () => json({ jobs: [] }));
    await pages.pass(31);
    expect(jobs.phase).toBe('live');
  });
});
