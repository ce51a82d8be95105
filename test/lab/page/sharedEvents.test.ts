import { describe, expect, it } from 'vitest';
import { jobRecord } from '../../api/jobRecord';
import { FakePages } from '../fakePages';
import { json } from '../fakeServer';

const running = jobRecord({ state: 'running' });

describe('a page', () => {
  it('asks for nothing before somebody follows the jobs', async () => {
    const pages = new FakePages();
    const { jobs } = pages.open();
    jobs.start();
    await pages.pass(600);
    expect(pages.server.asked).toEqual([]);
    expect(jobs.phase).toBe('idle');
  });

  it('has one stream while somebody follows, and hears of every change', async () => {
    const pages = new FakePages();
    pages.jobs = [jobRecord()];
    const { jobs } = pages.open();
    const phases: string[] = [];
    jobs.changed.connect(() => void phases.push(jobs.phase));
    const following = jobs.follow();
    expect(jobs.phase).toBe('loading');
    const other = jobs.follow();
    await pages.pass(1);
    expect(jobs.phase).toBe('live');
    expect(jobs.list.map(({ state }) => state)).toEqual(['preparing']);
    pages.change(running);
    await pages.pass(1);
    expect(jobs.list.map(({ state }) => state)).toEqual(['running']);
    pages.server.open[0]?.tell({ type: 'removed', id: running.id });
    await pages.pass(1);
    expect(jobs.list).toEqual([]);
    expect(pages.server.routesAsked).toEqual(['GET events']);
    expect(phases).toEqual(['loading', 'live', 'live', 'live']);
    following.dispose();
    await pages.pass(20);
    expect(pages.server.open).toHaveLength(1);
    other.dispose();
    await pages.pass(20);
    expect(pages.server.open).toHaveLength(0);
    expect(pages.server.routesAsked).toEqual(['GET events']);
  });

  it('keeps its stream while one panel closes and another opens', async () => {
    const pages = new FakePages();
    const { jobs } = pages.open();
    const following = jobs.follow();
    await pages.pass(5);
    following.dispose();
    await pages.pass(5);
    jobs.follow();
    await pages.pass(20);
    expect(pages.server.streams).toHaveLength(1);
    expect(pages.server.open).toHaveLength(1);
  });

  it('lets the stream go when it was hidden for a while, and takes it up again when it is shown', async () => {
    const pages = new FakePages();
    const { jobs, page } = pages.open();
    jobs.follow();
    await pages.pass(1);
    page.hide();
    await pages.pass(5);
    expect(pages.server.open).toHaveLength(1);
    await pages.pass(5);
    expect(pages.server.open).toHaveLength(0);
    pages.jobs = [running];
    await pages.pass(3600);
    expect(pages.server.routesAsked).toEqual(['GET events']);
    expect(jobs.phase).toBe('live');
    page.show();
    await pages.pass(1);
    expect(jobs.list).toEqual([running]);
    expect(pages.server.routesAsked).toEqual(['GET events', 'GET events']);
  });

  it('names the job that is shown closely, the last of several, and none when it is hidden', async () => {
    const pages = new FakePages();
    const { jobs, page } = pages.open();
    jobs.follow();
    const one = jobs.follow('aaaaaaaa');
    await pages.pass(1);
    const two = jobs.follow('bbbbbbbb');
    await pages.pass(1);
    two.dispose();
    await pages.pass(1);
    page.hide();
    await pages.pass(1);
    page.show();
    await pages.pass(1);
    one.dispose();
    await pages.pass(1);
    const views = pages.server.streams.map(
      ({ path }) => new URLSearchParams(path.split('?')[1]).get('view') ?? ''
    );
    expect(views).toEqual(['aaaaaaaa', 'bbbbbbbb', 'aaaaaaaa', '', 'aaaaaaaa', '']);
    expect(pages.server.open).toHaveLength(1);
  });

  it('closes its stream at once when it is disposed', async () => {
    const pages = new FakePages();
    const { jobs } = pages.open();
    jobs.follow();
    await pages.pass(1);
    jobs.dispose();
    await pages.pass(0);
    expect(jobs.isDisposed).toBe(true);
    expect(pages.server.open).toHaveLength(0);
  });
});

describe('the pages of one browser', () => {
  it('have one stream for eight of them, and all hear the same', async () => {
    const pages = new FakePages();
    pages.jobs = [jobRecord()];
    const eight = Array.from({ length: 8 }, () => pages.open());
    eight.forEach(({ jobs }) => jobs.follow());
    await pages.pass(1);
    pages.change(running);
    await pages.pass(1);
    expect(eight.map(({ jobs }) => jobs.list)).toEqual(eight.map(() => [running]));
    expect(eight.map(({ jobs }) => jobs.phase)).toEqual(eight.map(() => 'live'));
    expect(pages.server.open).toHaveLength(1);
    expect(pages.server.routesAsked.filter(route => route === 'GET events')).toHaveLength(1);
    expect(pages.server.routesAsked.filter(route => route === 'GET jobs').length).toBeLessThan(8);
  });

  it.each<[string, (first: ReturnType<FakePages['open']>) => void]>([
    ['was hidden', ({ page }) => page.hide()],
    ['was closed', ({ jobs }) => jobs.dispose()]
  ])('hand the stream on when the one that has it %s', async (_, leave) => {
    const pages = new FakePages();
    const first = pages.open();
    first.jobs.follow();
    await pages.pass(1);
    const second = pages.open();
    second.jobs.follow();
    await pages.pass(1);
    expect(pages.server.routesAsked).toEqual(['GET events', 'GET jobs']);
    leave(first);
    await pages.pass(11);
    expect(pages.server.routesAsked).toEqual(['GET events', 'GET jobs', 'GET events']);
    expect(pages.server.open).toHaveLength(1);
    pages.change(running);
    await pages.pass(1);
    expect(second.jobs.list).toEqual([running]);
  });

  it('do not take the stream when they are hidden, or nobody follows there', async () => {
    const pages = new FakePages();
    const first = pages.open();
    first.jobs.follow();
    await pages.pass(1);
    const hidden = pages.open();
    hidden.jobs.follow();
    pages.open();
    await pages.pass(1);
    hidden.page.hide();
    await pages.pass(11);
    first.jobs.dispose();
    await pages.pass(60);
    expect(pages.server.open).toHaveLength(0);
    hidden.page.show();
    await pages.pass(1);
    expect(pages.server.open).toHaveLength(1);
  });

  it('are offline and live together', async () => {
    const pages = new FakePages();
    const two = [pages.open(), pages.open()];
    two.forEach(({ jobs }) => jobs.follow());
    await pages.pass(1);
    const refuse = (): Response => json({ message: 'Bad gateway' }, 502);
    pages.server.on('GET events', refuse);
    pages.server.on('GET jobs', refuse);
    pages.server.open[0]?.breakOff();
    await pages.pass(1);
    expect(two.map(({ jobs }) => jobs.phase)).toEqual(['offline', 'offline']);
    pages.server.onEvents(() => [{ type: 'jobs', jobs: [running] }]);
    await pages.pass(30);
    expect(two.map(({ jobs }) => jobs.phase)).toEqual(['live', 'live']);
    expect(two.map(({ jobs }) => jobs.list)).toEqual([[running], [running]]);
  });

  it('catch up by themselves when their one request fails', async () => {
    const pages = new FakePages();
    pages.open().jobs.follow();
    await pages.pass(1);
    pages.jobs = [running];
    pages.server.on('GET jobs', () => json({ message: 'Bad gateway' }, 502));
    const second = pages.open();
    second.jobs.follow();
    await pages.pass(0);
    expect(second.jobs.phase).toBe('offline');
    pages.server.on('GET jobs', () => json({ jobs: pages.jobs }));
    await pages.pass(5);
    expect(second.jobs.phase).toBe('live');
    expect(second.jobs.list).toEqual([running]);
    expect(pages.server.streams).toHaveLength(1);
  });

  it('tell the one that has the stream which job they show closely', async () => {
    const pages = new FakePages();
    const first = pages.open();
    first.jobs.follow();
    await pages.pass(1);
    const second = pages.open();
    second.jobs.follow('aaaaaaaa');
    await pages.pass(1);
    expect(pages.server.open.map(({ path }) => path)).toEqual([
      'api/events?view=aaaaaaaa&no_track_activity=1'
    ]);
    const third = pages.open();
    third.jobs.follow();
    first.jobs.dispose();
    second.page.hide();
    await pages.pass(12);
    expect(pages.server.open.map(({ path }) => path)).toEqual(['api/events?no_track_activity=1']);
  });

  it('learn what others show closely when they take the stream over', async () => {
    const pages = new FakePages();
    const first = pages.open();
    const [second, third] = [pages.open(), pages.open()];
    first.jobs.follow();
    third.jobs.follow('aaaaaaaa');
    await pages.pass(1);
    second.jobs.follow();
    first.jobs.dispose();
    third.jobs.dispose();
    const fourth = pages.open();
    fourth.jobs.follow('bbbbbbbb');
    await pages.pass(1);
    expect(pages.server.open.map(({ path }) => path)).toEqual([
      'api/events?view=bbbbbbbb&no_track_activity=1'
    ]);
  });
});
