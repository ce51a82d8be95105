import { describe, expect, it } from 'vitest';
import { type JobRecord, STATES } from '../../src/api/job';
import { filesLeft } from '../../src/api/resultFiles';
import { type OutcomeLook, outcomeLines } from '../../src/cli/outcome';
import { plain } from '../../src/cli/paint';
import { CAUSES } from '../api/everyCause';
import { finishedJob, jobRecord } from '../api/jobRecord';
import { reader } from '../words/strict';

const LOOK: OutcomeLook = {
  paint: plain,
  reader,
  hasUnicode: true,
  path: absolute => absolute.replace('/home/ada/work/', '')
};

function withResult(change: Partial<JobRecord['result']>): JobRecord {
  const job = finishedJob();
  return { ...job, result: { ...job.result, ...change } };
}

describe('outcomeLines', () => {
  it('advises no fetching of what that does not bring', () => {
    const job = withResult({
      left: filesLeft([{ path: 'latin-\ufffd', bytes: 1, reason: 'unnamable' }])
    });
    const text = outcomeLines(job, LOOK).join('\n');
    expect(text).toContain('latin-\ufffd (its name is no UTF-8');
    expect(text).not.toContain('Fetch:');
  });

  it('says that it is done, and where everything is', () => {
    const job = withResult({
      folder: '/home/ada/work/analysis.k3v9x2ab.files',
      files: { count: 2, bytes: 3000, outputs: 0 },
      left: filesLeft([{ path: 'c.h5', bytes: 2e9 }])
    });
    expect(outcomeLines(job, LOOK)).toEqual([
      '✓ analysis k3v9x2ab  done in 41 s',
      '  analysis.k3v9x2ab.ipynb',
      '  analysis.k3v9x2ab.files/ (2 files, 3.0 kB)',
      '  1 file of 2.0 GB was left on the cluster for its size.',
      '  Fetch: jupyter submit fetch k3v9x2ab [--to FOLDER]'
    ]);
  });

  it('says what else is to be known of it', () => {
    const notes = [{ code: 'kernel-missing', kernel: 'px', python: '/e/python' }] as const;
    expect(outcomeLines(finishedJob({ notes: [...notes] }), LOOK)).toEqual([
      '✓ analysis k3v9x2ab  done in 41 s',
      '  There is no kernel px where the job runs: the notebook runs in /e/python instead.',
      '  analysis.k3v9x2ab.ipynb'
    ]);
  });

  it('says why it failed, what to do, and the end of the log', () => {
    const log = Array.from({ length: 50 }, (_, index) => `line ${index}`).join('\n');
    const cause = { code: 'engines-never-came', ready: 3, wanted: 8, log } as const;
    const lines = outcomeLines(finishedJob({ state: 'failed', cause }), LOOK);
    expect(lines[0]).toBe('✗ analysis k3v9x2ab  failed');
    expect(lines[1]).toBe('  Only 3 of 8 engines started, and the job gave up waiting.');
    expect(lines).toContain('  line 49');
    expect(lines).not.toContain('  line 29');
    expect(lines.at(-1)).toBe('  analysis.k3v9x2ab.ipynb');
  });

  it('reminds of what was not taken along, where a cell missed a file', () => {
    const job = finishedJob({ state: 'failed', notTaken: ['../data.csv'] });
    const failing = (ename: string): string[] =>
      outcomeLines({ ...job, cause: { code: 'cell-error', cell: 2, ename, evalue: 'x' } }, LOOK);
    expect(failing('FileNotFoundError')).toContain('  Not taken along: ../data.csv');
    expect(failing('ValueError').join()).not.toContain('data.csv');
  });

  it('does not explain a cancellation', () => {
    const cause = { code: 'cancelled', by: 'you' } as const;
    expect(outcomeLines(finishedJob({ state: 'cancelled', cause }), LOOK)).toEqual([
      '■ analysis k3v9x2ab  cancelled by you',
      '  analysis.k3v9x2ab.ipynb'
    ]);
  });

  it('says what stands in the way of files, when the notebook is here already', () => {
    const problem = { code: 'disk-full', values: { folder: '/home/ada/work' } } as const;
    expect(outcomeLines(withResult({ problem }), LOOK).slice(1)).toEqual([
      '  analysis.k3v9x2ab.ipynb',
      '  There is no room left for the result in /home/ada/work.',
      '  Make room and fetch again, or fetch the result to another disk.'
    ]);
  });

  it('has lines, each one a line, for every state and cause', () => {
    for (const state of STATES) {
      for (const cause of [null, ...CAUSES]) {
        const lines = outcomeLines(jobRecord({ ...finishedJob(), state, cause }), LOOK);
        expect(lines.length).toBeGreaterThan(0);
        expect(lines.filter(line => /[\n\u001b]|undefined/.test(line))).toEqual([]);
      }
    }
  });

  it('does with ASCII where the terminal has no more', () => {
    expect(outcomeLines(finishedJob(), { ...LOOK, hasUnicode: false })[0]).toMatch(/^ok analysis/);
  });
});
