import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../../src/api/job';
import { LEFT_REASONS, NO_FILES, filesLeft, withFiles } from '../../src/api/resultFiles';
import { leftReasonWords, leftWords, outputWords, resultWords } from '../../src/words';
import { finishedJob } from '../api/jobRecord';
import { strict } from './strict';

function withResult(change: Partial<JobRecord['result']>): JobRecord {
  const job = finishedJob();
  return { ...job, result: { ...job.result, ...change } };
}

describe('resultWords', () => {
  it.each<[string, Partial<JobRecord['result']>]>([
    ['The result comes when the job is over.', { place: 'pending' }],
    ['The result is being fetched.', { place: 'fetching' }],
    ['/home/ada/work/analysis.k3v9x2ab.ipynb', {}],
    ['The job left no notebook.', { notebook: null }],
    ['The result is kept in /home/ada/.jupyterlab-submit/k3v9x2ab.', { place: 'kept' }],
    [
      'The result is kept in /home/ada/.jupyterlab-submit/k3v9x2ab, because: Nothing can be written into /home/ada/work.',
      {
        place: 'kept',
        problem: { code: 'folder-read-only', values: { folder: '/home/ada/work' } }
      }
    ],
    ['The job left no result.', { place: 'none' }]
  ])('%s', (words, change) => {
    expect(resultWords(withResult(change), strict)).toBe(words);
  });

  it('writes paths as the caller likes them', () => {
    expect(resultWords(finishedJob(), strict, path => path.replace('/home/ada/', '~/'))).toBe(
      '~/work/analysis.k3v9x2ab.ipynb'
    );
  });
});

describe('leftWords', () => {
  it('says nothing when everything came', () => {
    expect(leftWords(finishedJob(), strict)).toBe('');
  });

  it('says how many files were left, and how much that is', () => {
    const left = [
      { path: 'a.h5', bytes: 2e9 },
      { path: 'b.h5', bytes: 1e9 }
    ];
    expect(leftWords(withResult({ left: filesLeft(left.slice(0, 1)) }), strict)).toBe(
      '1 file of 2.0 GB was left on the cluster for its size.'
    );
    expect(leftWords(withResult({ left: filesLeft(left) }), strict)).toBe(
      '2 files of 3.0 GB together were left on the cluster for their size.'
    );
  });
});

describe('what did not come for another reason', () => {
  it('is named with it', () => {
    const left = [
      { path: 'key', bytes: 1, reason: 'unreadable' as const },
      { path: 'big.h5', bytes: 2e9 },
      { path: 'last', bytes: 0, reason: 'link-broken' as const }
    ];
    expect(leftWords(withResult({ left: filesLeft(left) }), strict)).toBe(
      '1 file of 2.0 GB was left on the cluster for its size. Left on the cluster: ' +
        'key (its permissions do not let you read it); last (a link to nothing).'
    );
  });

  it('is counted where it is much, and not told while it is fetched', () => {
    const left = Array.from({ length: 10 }, (_, index) => ({
      path: `${index}`,
      bytes: 1,
      reason: 'gone' as const
    }));
    expect(leftWords(withResult({ left: filesLeft(left) }), strict)).toMatch(
      /^Left .*0 \(.*; 2 \(.*; 7 more\.$/
    );
    expect(leftWords(withResult({ left: filesLeft(left), place: 'fetching' }), strict)).toBe('');
  });

  it.each(LEFT_REASONS)('%s has words of its own', reason => {
    const all = LEFT_REASONS.map(one => leftReasonWords(one, strict));
    expect(all.filter(words => words === leftReasonWords(reason, strict))).toHaveLength(1);
  });
});

describe('outputWords', () => {
  it('counts the outputs that are files, wherever they are', () => {
    expect(outputWords(finishedJob(), strict)).toBe('');
    const files = withFiles(NO_FILES, [
      { path: 'outputs/cell-1-1.png', bytes: 5, cell: 1 },
      { path: 'outputs/mine.png', bytes: 5 }
    ]);
    expect(outputWords(withResult({ files }), strict)).toMatch(/^1 output was too large/);
    const left = filesLeft([{ path: 'outputs/cell-1-2.png', bytes: 5, cell: 1 }]);
    expect(outputWords(withResult({ files, left }), strict)).toMatch(/^2 outputs were too large/);
  });
});
