import { expect, test } from 'vitest';
import { english } from '../../../src/api/translation';
import { filterJobs } from '../../../src/lab/jobs/filterJobs';
import { finishedJob, jobRecord, jobSpec } from '../../api/jobRecord';

const fit = jobRecord({
  id: 'aaaaaaa1',
  state: 'queued',
  spec: jobSpec({ notebook: '/home/ada/secret/Größe.ipynb', name: 'fit-64' })
});
const pi = finishedJob({
  id: 'bbbbbbb2',
  spec: jobSpec({ notebook: '/home/ada/pi.ipynb', name: 'pi' })
});
const jobs = [fit, pi];

test.each([
  ['', [fit, pi]],
  ['   ', [fit, pi]],
  ['fit', [fit]],
  ['FIT-64', [fit]],
  ['größe', [fit]],
  ['bbb', [pi]],
  ['waiting', [fit]],
  ['done', [pi]],
  ['machine', [fit, pi]],
  ['local pi', [pi]],
  ['pi waiting', []],
  ['secret', []],
  ['elsewhere', []]
])('"%s" finds the jobs in which each of its words occurs', (text, found) => {
  expect(filterJobs(jobs, text, english)).toEqual(found);
});
