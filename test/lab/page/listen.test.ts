import { describe, expect, it } from 'vitest';
import { jobRecord } from '../../api/jobRecord';
import { FakePages } from '../fakePages';
import { json } from '../fakeServer';

const running = jobRecord({ state: 'running' });

describe('a stream that breaks', () => {
  it('is opened again without a word, and the list is whole again', async () => {
    const pages = new FakePages();
    const { jobs } = pages.open();
    jobs.follow();
    await pages.pass(1);
    const phases = new Set<string>();
    jobs.changed.connect(() => void phases.add(jobs.phase));
    pages.jobs = [running];
    pages.server.open[0]?.breakOff();
    await pages.pass(1);
    pages.jobs = [];
    pages.server.open[0]?.end();
    await pages.pass(2);
    expect(pages.server.streams).toHaveLength(3);
    expect(jobs.list).toEqual([]);
    expect([...phases]).toEqual(['live']);
  });

  it('makes the list offline when it cannot be opened again, and live when it can', async () => {
    const pages = new FakePages();
    pages.jobs = [running];
    const { jobs } = pages.open();
    jobs.follow();
    await pages.pass(1);
    pages.server.on('GET events', () => json({ message: 'Bad gateway' }, 502));
    pages.server.open[0]?.breakOff();
    await pages.pass(0);
    expect(jobs.phase).toBe('live');
    await pages.pass(1);
    expect(jobs.phase).toBe('offline');
    expect(jobs.problem).toMatchObject({ code: 'server-refused', values: { status: 502 } });
    expect(jobs.list).toEqual([running]);
    pages.server.onEvents(() => [{ type: 'jobs', jobs: [] }]);
    await pages.pass(30);
    expect(jobs.phase).toBe('live');
    expect(jobs.problem).toBeNull();
    expect(jobs.list).toEqual([]);
  });

  it('is tried more and more rarely, up to each half minute', async () => {
    const pages = new FakePages();
    pages.server.on('GET events', () => json({ message: 'Forbidden' }, 403));
    const { jobs } = pages.open({ random: () => 1 - Number.EPSILON });
    jobs.follow();
    const at: number[] = [];
    for (let second = 0; second <= 125; second += 1) {
      await pages.pass(second === 0 ? 0 : 1);
      if (pages.server.asked.length > at.length) {
        at.push(second);
      }
    }
    expect(at).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
    expect(jobs.phase).toBe('offline');
  });

  it('is tried at once when the person says so', async () => {
    const pages = new FakePages();
    pages.server.on('GET events', () => json({ message: 'Forbidden' }, 403));
    const { jobs } = pages.open();
    jobs.follow();
    await pages.pass(100);
    expect(jobs.phase).toBe('offline');
    pages.server.onEvents(() => [{ type: 'jobs', jobs: [] }]);
    jobs.retry();
    expect(jobs.phase).toBe('loading');
    expect(jobs.problem).toBeNull();
    await pages.pass(0);
    expect(jobs.phase).toBe('live');
    expect(pages.server.open).toHaveLength(1);
  });

  it('is not tried when nobody follows', async () => {
    const pages = new FakePages();
    const { jobs } = pages.open();
    jobs.retry();
    await pages.pass(1);
    expect(pages.server.asked).toEqual([]);
    expect(jobs.phase).toBe('idle');
  });

  it('is known by its silence, which a sign of life interrupts', async () => {
    const pages = new FakePages();
    const { jobs } = pages.open();
    jobs.follow();
    await pages.pass(0);
    for (let quarter = 0; quarter < 8; quarter += 1) {
      pages.server.open[0]?.write(': still here\n\n');
      await pages.pass(15);
    }
    expect(pages.server.streams).toHaveLength(1);
    await pages.pass(44);
    expect(pages.server.streams).toHaveLength(1);
    await pages.pass(3);
    expect(pages.server.streams).toHaveLength(2);
    expect(pages.server.open).toHaveLength(1);
  });

  it('is known by its silence when there is not even an answer', async () => {
    const pages = new FakePages();
    pages.server.on('GET events', () => new Promise<Response>(() => undefined));
    const { jobs } = pages.open();
    jobs.follow();
    await pages.pass(61);
    expect(jobs.problem).toMatchObject({
      code: 'server-silent',
      details: { output: 'nothing was heard for 60 s' }
    });
  });
});
