import { expect, test } from 'vitest';
import type { Result } from '../../../src/api/job';
import { problem } from '../../../src/api/problem';
import { english } from '../../../src/api/translation';
import { filesLeft } from '../../../src/api/resultFiles';
import { resultLines } from '../../../src/lab/jobs/resultLines';
import { finishedJob, jobRecord } from '../../api/jobRecord';

const diskFull = problem('disk-full', { folder: '/home/ada/work' }).problem;
const left = filesLeft([{ path: 'big.npy', bytes: 5e9 }]);

test.each<[string, Partial<Result>, string[]]>([
  ['here', {}, []],
  ['here, without a notebook', { notebook: null }, ['The job left no notebook.']],
  ['on its way', { place: 'fetching' }, ['The result is being fetched.']],
  ['to come', { place: 'pending' }, []],
  ['none', { place: 'none', notebook: null }, ['The job left no result.']],
  [
    'kept, with a reason',
    { place: 'kept', notebook: null, problem: diskFull },
    [
      'The result is kept in /home/ada/.jupyterlab-submit/k3v9x2ab, because: ' +
        'There is no room left for the result in /home/ada/work.'
    ]
  ],
  [
    'here in part',
    { problem: diskFull },
    ['There is no room left for the result in /home/ada/work.']
  ],
  ['here but for its size', { left }, ['1 file of 5.0 GB was left on the cluster for its size.']]
])('a result that is %s', (_, result, lines) => {
  const job = finishedJob({ result: { ...finishedJob().result, ...result } });
  expect(resultLines(job, 'work/analysis.ipynb', english)).toEqual(lines);
});

test('a result that this server does not show is told by its place', () => {
  expect(resultLines(finishedJob(), null, english)).toEqual([
    'Result: /home/ada/work/analysis.k3v9x2ab.ipynb'
  ]);
});

test('a result that was asked to go elsewhere is told by its place', () => {
  const notebook = '/home/ada/results/analysis.k3v9x2ab.ipynb';
  const result = { ...finishedJob().result, notebook };
  const job = finishedJob({ resultsFolder: '/home/ada/results', result });
  expect(resultLines(job, 'results/analysis.k3v9x2ab.ipynb', english)).toEqual([
    `Result: ${notebook}`
  ]);
});

test.each(['failed', 'cancelled', 'lost'] as const)(
  'a %s job needs no word on no result',
  state => {
    const result = { ...finishedJob().result, place: 'none' as const, notebook: null };
    expect(resultLines(finishedJob({ state, result }), null, english)).toEqual([]);
  }
);

test('a job that goes on has no word on its result', () => {
  expect(resultLines(jobRecord({ state: 'running' }), null, english)).toEqual([]);
});
