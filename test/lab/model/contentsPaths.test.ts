import { beforeEach, describe, expect, it } from 'vitest';
import type { JobsModel } from '../../../src/lab/model/jobsModel';
import { FakePages } from '../fakePages';
import { json } from '../fakeServer';

let pages: FakePages;
let jobs: JobsModel;
let changes: number;

beforeEach(() => {
  pages = new FakePages();
  ({ jobs } = pages.open());
  changes = 0;
  jobs.changed.connect(() => void (changes += 1));
});

describe('contentsPath', () => {
  it('asks for all files together, once, and says when they are known', async () => {
    pages.server.on('POST contents-paths', () => json({ paths: ['work/a.ipynb', null] }));
    const ask = (): unknown =>
      ['/srv/work/a.ipynb', '/etc/b.ipynb'].map(file => jobs.contentsPath(file));
    expect(ask()).toEqual([undefined, undefined]);
    expect(ask()).toEqual([undefined, undefined]);
    await pages.pass(0);
    expect(changes).toBe(1);
    expect(ask()).toEqual(['work/a.ipynb', null]);
    await pages.pass(60);
    expect(pages.server.asked).toMatchObject([
      {
        method: 'POST',
        path: 'contents-paths?no_track_activity=1',
        body: '{"files":["/srv/work/a.ipynb","/etc/b.ipynb"]}'
      }
    ]);
  });

  it('asks for files of which it hears meanwhile', async () => {
    pages.server.on('POST contents-paths', ({ body }) => {
      const { files } = JSON.parse(body) as { files: string[] };
      return json({ paths: files.map(file => file.slice(1)) });
    });
    jobs.contentsPath('/a');
    await Promise.resolve();
    await Promise.resolve();
    jobs.contentsPath('/b');
    await pages.pass(0);
    expect(jobs.contentsPath('/a')).toBe('a');
    jobs.contentsPath('/b');
    await pages.pass(0);
    expect(jobs.contentsPath('/b')).toBe('b');
    expect(pages.server.asked.map(({ body }) => body)).toEqual([
      '{"files":["/a"]}',
      '{"files":["/b"]}'
    ]);
  });

  it.each<[string, () => Response]>([
    ['the server refuses', () => json({ message: 'Forbidden' }, 403)],
    ['the answer is no JSON', () => new Response('<html>')],
    ['the answer has another shape', () => json({ paths: [7] })],
    ['the answer has no paths', () => json([])],
    ['the answer is short', () => json({ paths: [] })]
  ])('asks again only after a while when %s', async (_, answer) => {
    pages.server.on('POST contents-paths', answer);
    for (let second = 0; second < 29; second += 1) {
      expect(jobs.contentsPath('/srv/a.ipynb')).toBeUndefined();
      await pages.pass(1);
    }
    expect(pages.server.asked).toHaveLength(1);
    expect(changes).toBe(0);
    pages.server.on('POST contents-paths', () => json({ paths: ['a.ipynb'] }));
    await pages.pass(1);
    jobs.contentsPath('/srv/a.ipynb');
    await pages.pass(0);
    expect(jobs.contentsPath('/srv/a.ipynb')).toBe('a.ipynb');
  });
});
