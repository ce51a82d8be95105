import { Signal } from '@lumino/signaling';
import { Title, Widget } from '@lumino/widgets';
import { expect, it } from 'vitest';
import { english } from '../../../src/api/translation';
import { ResultCaptions } from '../../../src/lab/results/resultCaptions';
import { finishedJob } from '../../api/jobRecord';
import { FakeJobs } from '../jobs/fakeJobs';

const JOB = /\nJob: analysis \(k3v9x2ab\)\nCluster: This machine\nEnded: done, .*2026.*$/;

/** An open notebook with Lab's own caption. */
function opened(path: string) {
  const title = new Title<Widget>({ owner: new Widget(), caption: 'Name: …\nLast Saved: noon' });
  return { title, context: { path } };
}

function tracked(...pages: ReturnType<typeof opened>[]) {
  const widgetAdded = new Signal<unknown, (typeof pages)[number]>({});
  return {
    widgetAdded,
    forEach: (callback: (page: (typeof pages)[number]) => void) => pages.forEach(callback)
  };
}

it("says in a result's caption which job it is of, once, whatever else Lab writes there", () => {
  const page = opened('RTC:work/analysis.k3v9x2ab.ipynb');
  const jobs = new FakeJobs();
  new ResultCaptions(tracked(page), jobs, english);
  expect(page.title.caption).toBe('Name: …\nLast Saved: noon');
  jobs.tell({ list: [finishedJob()] });
  expect(page.title.caption).toMatch(JOB);
  page.title.caption = 'Name: …\nLast Saved: one';
  expect(page.title.caption).toMatch(/^Name: …\nLast Saved: one\nJob: /);
  jobs.tell();
  expect(page.title.caption.match(/Job:/g)).toHaveLength(1);
  jobs.tell({ list: [] });
  expect(page.title.caption).toBe('Name: …\nLast Saved: one');
});

it('says it of a result that is opened later, and of no other notebook', () => {
  const [result, source] = [opened('work/analysis.k3v9x2ab.ipynb'), opened('work/analysis.ipynb')];
  const pages = tracked();
  new ResultCaptions(pages, new FakeJobs([finishedJob()]), english);
  pages.widgetAdded.emit(result);
  pages.widgetAdded.emit(source);
  expect(result.title.caption).toMatch(JOB);
  expect(source.title.caption).toBe('Name: …\nLast Saved: noon');
});
