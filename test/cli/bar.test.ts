import { describe, expect, it } from 'vitest';
import { type JobRecord, STATES } from '../../src/api/job';
import { barLine } from '../../src/cli/bar';
import { type Paint, plain } from '../../src/cli/paint';
import { columnsOf } from '../../src/cli/width';
import { NOON, jobRecord, jobSpec } from '../api/jobRecord';
import { reader } from '../words/strict';

const RUNNING = jobRecord({
  state: 'running',
  startedAt: NOON + 180,
  progress: {
    engines: { ready: 64, wanted: 64 },
    cell: { index: 8, total: 15, startedAt: NOON + 720 }
  }
});

function draw(
  job: JobRecord,
  columns: number,
  more: { hasUnicode?: boolean; paint?: Paint } = {}
): string {
  return barLine(job, { columns, hasUnicode: true, paint: plain, reader, ...more });
}

describe('barLine', () => {
  it.each([
    [
      120,
      'analysis  ━━━━━━━━━━━━━───────────────  cell 8 of 15, 3 min in this cell, 12 min of 2 h  64 of 64 engines'
    ],
    [
      100,
      'analysis  ━━━━━━━━━━━━━───────────────  cell 8 of 15, 3 min in this cell, 12 min of 2 h'
    ],
    [80, 'analysis  ━━━━━─────  cell 8 of 15, 3 min in this cell, 12 min of 2 h'],
    [64, '━━━━━─────  cell 8 of 15, 3 min in this cell, 12 min of 2 h'],
    [40, 'cell 8 of 15, 3 min in this cell, 12 m…'],
    [10, 'cell 8 o…']
  ])('in %d columns', (columns, line) => {
    expect(draw(RUNNING, columns)).toBe(line);
  });

  it('never fills the last column, in any state, at any width', () => {
    const name = 'ein-sehr-langer-Name-日本語-der-nicht-passt';
    for (const state of STATES) {
      for (let columns = 2; columns < 140; columns += 1) {
        const line = draw({ ...RUNNING, state, spec: jobSpec({ name }) }, columns);
        expect(columnsOf(line), `${state} ${columns}`).toBeLessThan(columns);
      }
    }
  });

  it('fills by engines while they start', () => {
    const job = jobRecord({
      state: 'starting',
      progress: { engines: { ready: 48, wanted: 64 }, cell: null }
    });
    expect(draw(job, 80)).toBe(
      'analysis  ━━━━━━━━━━━━━━━━━━━━━───────  starting engines, 48 of 64'
    );
  });

  it('draws no bar where nothing says how far it is', () => {
    expect(draw(jobRecord({ state: 'queued' }), 80)).toBe('analysis  waiting');
    expect(draw(jobRecord({ state: 'starting' }), 80)).toBe('analysis  starting');
  });

  it('is empty in the first cell, and full only when all cells are done', () => {
    const at = (index: number): string =>
      draw(
        {
          ...RUNNING,
          progress: {
            engines: { ready: 1, wanted: 1 },
            cell: { index, total: 1000, startedAt: reader.now }
          }
        },
        120
      );
    expect(at(1)).not.toContain('━');
    expect(draw({ ...RUNNING, state: 'finishing' }, 120)).not.toContain('─');
  });

  it('says that the cluster was not heard of', () => {
    const problem = { code: 'cluster-unreachable', values: { cluster: 'hpc' } } as const;
    const job = jobRecord({ state: 'queued', contact: { seenAt: NOON + 180, problem } });
    expect(draw(job, 80)).toBe('analysis  waiting  last seen 12:03');
  });

  it('does with ASCII where the terminal has no more', () => {
    expect(draw(RUNNING, 80, { hasUnicode: false })).toContain('#####-----');
  });

  it('counts columns without its colors', () => {
    const paint: Paint = (ink, text) => `<${ink}>${text}</>`;
    const line = draw(RUNNING, 100, { paint });
    expect(line).toContain('<strong>analysis</>');
    expect(line.replace(/<[^>]*>/g, '')).toBe(draw(RUNNING, 100));
  });
});
