import { describe, expect, it } from 'vitest';
import { contentsPathOf } from '../../../src/api/paths';
import type { Page } from '../../../src/lab/page/page';
import { finishedJob, jobRecord } from '../../api/jobRecord';
import { FakePages } from '../fakePages';
import { json } from '../fakeServer';

const running = jobRecord({ state: 'running' });
const done = finishedJob();
const fetching = finishedJob({ result: { ...done.result, place: 'fetching', notebook: null } });
const { id } = running;

const forbidden: Page['storage'] = {
  getItem: () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  },
  setItem: () => {
    throw new DOMException('The operation is insecure.', 'SecurityError');
  }
};
const full: Page['storage'] = {
  getItem: () => '',
  setItem: () => {
    throw new DOMException('The quota has been exceeded.', 'QuotaExceededError');
  }
};

describe('ended', () => {
  it.each<[string, Partial<Page>]>([
    ['as usual', {}],
    ['where pages have no locks', { locks: null }],
    ['where storage is forbidden', { storage: forbidden }],
    ['where storage is full', { storage: full }]
  ])('is told once, when the result is where it stays, %s', async (_, change) => {
    const pages = new FakePages();
    pages.jobs = [running];
    const { jobs, told } = pages.open(change);
    jobs.start();
    const following = jobs.follow();
    await pages.pass(1);
    pages.change(fetching);
    await pages.pass(6);
    expect(told).toEqual([]);
    pages.change(done);
    await pages.pass(6);
    pages.change(done);
    await pages.pass(6);
    expect(told).toEqual([id]);
    following.dispose();
    await pages.pass(20);
    expect(pages.server.open).toHaveLength(0);
  });

  it('is not told of jobs that nobody has seen going on', async () => {
    const pages = new FakePages();
    pages.jobs = [done];
    const { jobs, told } = pages.open();
    jobs.start();
    jobs.follow();
    await pages.pass(1);
    expect(told).toEqual([]);
  });

  it('is told of a job that was submitted here, though nobody follows', async () => {
    const pages = new FakePages();
    const { jobs, told } = pages.open();
    jobs.start();
    pages.server.on('PUT jobs/ID', () => json({ job: jobRecord() }, 201));
    pages.jobs = [jobRecord()];
    await jobs.submit({ notebook: contentsPathOf('analysis.ipynb'), cores: 4, time: '2h' });
    await pages.pass(1);
    expect(pages.server.open).toHaveLength(1);
    pages.change(done);
    await pages.pass(20);
    expect(told).toEqual([id]);
    expect(pages.server.open).toHaveLength(0);
  });

  it('is told by the next page when the job ended while there was none', async () => {
    const pages = new FakePages();
    pages.jobs = [running];
    const first = pages.open();
    first.jobs.start();
    first.jobs.follow();
    await pages.pass(1);
    first.jobs.dispose();
    pages.change(done);
    const next = pages.open();
    await pages.pass(1);
    expect(pages.server.open).toHaveLength(0);
    next.jobs.start();
    await pages.pass(20);
    expect(next.told).toEqual([id]);
    expect(pages.server.open).toHaveLength(0);
  });

  it.each<[string, Partial<Page>]>([
    ['with locks', {}],
    ['without', { locks: null }]
  ])('is told by one of several pages, %s', async (_, change) => {
    const pages = new FakePages();
    pages.jobs = [running];
    const three = Array.from({ length: 3 }, () => pages.open(change));
    for (const { jobs } of three) {
      jobs.start();
      jobs.follow();
    }
    await pages.pass(1);
    pages.change(done);
    await pages.pass(6);
    expect(three.flatMap(({ told }) => told)).toEqual([id]);
  });

  it('is told by one of several pages, whose storage is late', async () => {
    const pages = new FakePages();
    pages.jobs = [running];
    const three = Array.from({ length: 3 }, () => {
      const own = new Map<string, string>();
      const storage: Page['storage'] = {
        getItem: key => own.get(key) ?? null,
        setItem: (key, value) => void own.set(key, value)
      };
      return pages.open({ storage });
    });
    for (const { jobs } of three) {
      jobs.start();
      jobs.follow();
    }
    await pages.pass(1);
    pages.change(done);
    await pages.pass(20);
    expect(three.flatMap(({ told }) => told)).toEqual([id]);
  });

  it('is told again of a job that was taken up again', async () => {
    const pages = new FakePages();
    pages.jobs = [running];
    const pair = [pages.open(), pages.open()];
    for (const { jobs } of pair) {
      jobs.start();
      jobs.follow();
    }
    for (const record of [done, fetching, done]) {
      await pages.pass(20);
      pages.change(record);
    }
    await pages.pass(20);
    expect(pair.flatMap(({ told }) => told)).toEqual([id, id]);
  });

  it('is left to a page that is seen', async () => {
    const pages = new FakePages();
    pages.jobs = [running];
    const [hidden, seen] = [pages.open(), pages.open()];
    for (const { jobs } of [hidden, seen]) {
      jobs.start();
      jobs.follow();
    }
    await pages.pass(1);
    hidden.page.hide();
    pages.change(done);
    await pages.pass(1);
    expect([hidden.told, seen.told]).toEqual([[], [id]]);
  });

  it('is told when the page is seen again', async () => {
    const pages = new FakePages();
    pages.jobs = [running];
    const { jobs, page, told } = pages.open();
    jobs.start();
    await jobs.act(id, 'refresh');
    jobs.follow();
    await pages.pass(1);
    page.hide();
    pages.change(done);
    await pages.pass(3);
    expect(told).toEqual([]);
    page.show();
    await pages.pass(0);
    expect(told).toEqual([id]);
    expect(pages.server.streams).toHaveLength(1);
  });

  it('waits no longer for a job that is gone', async () => {
    const pages = new FakePages();
    pages.jobs = [running];
    const first = pages.open();
    first.jobs.start();
    first.jobs.follow();
    await pages.pass(1);
    first.jobs.dispose();
    pages.jobs = [];
    const next = pages.open();
    next.jobs.start();
    await pages.pass(20);
    expect(pages.server.open).toHaveLength(0);
    const asked = pages.server.asked.length;
    const last = pages.open();
    last.jobs.start();
    await pages.pass(20);
    expect(pages.server.asked).toHaveLength(asked);
    expect([...next.told, ...last.told]).toEqual([]);
  });

  it('waits no longer for a job that was removed', async () => {
    const pages = new FakePages();
    pages.jobs = [running];
    const { jobs, told } = pages.open();
    jobs.start();
    jobs.follow().dispose();
    await pages.pass(1);
    pages.jobs = [];
    pages.server.open[0]?.tell({ type: 'removed', id });
    await pages.pass(20);
    expect(pages.server.open).toHaveLength(0);
    expect(told).toEqual([]);
  });
});
