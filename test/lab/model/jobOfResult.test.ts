import { expect, it } from 'vitest';
import { contentsPathOf } from '../../../src/api/paths';
import { jobOfResult } from '../../../src/lab/model/jobOfResult';
import { finishedJob, jobRecord } from '../../api/jobRecord';
import { FakeJobs } from '../jobs/fakeJobs';

const jobs = new FakeJobs([jobRecord({ id: 'aaaaaaaa' }), finishedJob()]);

it.each([
  ['a result', 'work/analysis.k3v9x2ab.ipynb', 'k3v9x2ab'],
  ['its notebook', 'work/analysis.ipynb', undefined],
  ['a copy of it elsewhere', 'copies/analysis.k3v9x2ab.ipynb', undefined],
  ['a copy of it beside it', 'work/analysis.k3v9x2ab-Copy1.ipynb', undefined],
  ['what ends alike', 'work/my.analysis.k3v9x2ab.ipynb', undefined]
])('%s belongs to its job, or to none', (_, path, id) => {
  expect(jobOfResult(jobs, contentsPathOf(path))?.id).toBe(id);
});

it('a result is known while it is not known where it lies, and not when it lies elsewhere', () => {
  const path = contentsPathOf('work/analysis.k3v9x2ab.ipynb');
  const asked: string[] = [];
  const elsewhere = new FakeJobs(jobs.list);
  elsewhere.path = file => void asked.push(file);
  expect(jobOfResult(elsewhere, path)?.id).toBe('k3v9x2ab');
  jobOfResult(elsewhere, contentsPathOf('work/analysis.ipynb'));
  expect(asked).toEqual(['/home/ada/work/analysis.k3v9x2ab.ipynb']);
  elsewhere.path = () => null;
  expect(jobOfResult(elsewhere, path)).toBeNull();
});
