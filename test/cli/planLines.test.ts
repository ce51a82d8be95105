import { describe, expect, it } from 'vitest';
import type { CheckAnswer, TakenFile } from '../../src/api/routes';
import { plain } from '../../src/cli/paint';
import { planLines } from '../../src/cli/planLines';
import { jobRecord } from '../api/jobRecord';
import { reader } from '../words/strict';

const { cluster, spec } = jobRecord();
const LOOK = { paint: plain, reader, hasUnicode: true, path: (absolute: string) => absolute };

function linesOf(change: Partial<CheckAnswer>, isWhole = false): string[] {
  const check = {
    spec,
    cluster,
    script: '',
    files: [],
    notes: [],
    notTaken: [],
    skipped: [],
    engines: 4,
    mpi: false,
    profile: null,
    ...change
  };
  return planLines(check, LOOK, { isWhole });
}

const file = (path: string, bytes = 1000, why: TakenFile['why'] = 'literal'): TakenFile => ({
  path,
  bytes,
  why
});

describe('planLines', () => {
  it('says what starts where, when nothing goes along', () => {
    expect(linesOf({})).toEqual([
      '/home/ada/work/analysis.ipynb on This machine',
      '  4 engines, at most 2 h.'
    ]);
  });

  it('says which profile counts', () => {
    expect(linesOf({ profile: 'NERSC Perlmutter' })[2]).toBe('  Profile: NERSC Perlmutter');
  });

  it('says where the result goes, when that is another folder than its source has', () => {
    expect(linesOf({ spec: { ...spec, resultsFolder: '~/runs' } })[2]).toBe(
      '  The result goes to ~/runs.'
    );
  });

  it('says that no engines start, and why', () => {
    expect(linesOf({ engines: 0 })[1]).toContain('Nothing in this notebook uses ipyparallel');
  });

  it('lists files with sizes and reasons, aligned', () => {
    expect(
      linesOf({ files: [file('größe.py', 10, 'import'), file('日本.csv', 12e6)] }).slice(2)
    ).toEqual([
      '  Takes 2 files along, 12 MB:',
      '    größe.py  10 bytes  imported',
      '    日本.csv     12 MB  named in the notebook'
    ]);
  });

  it('puts the files of a folder together when there are many', () => {
    const inside = Array.from({ length: 2000 }, (_, index) => file(`runs/${index}.txt`));
    const files = [...inside, file('runs/extra.py', 1000, 'import'), file('a.csv')];
    expect(linesOf({ files }).slice(2)).toEqual([
      '  Takes 2002 files along, 2.0 MB:',
      '    runs/ (2001 files)  2.0 MB  named in the notebook, imported',
      '    a.csv               1.0 kB  named in the notebook'
    ]);
    expect(linesOf({ files }, true)).toHaveLength(3 + 2002);
  });

  it('says when there is more than it lists', () => {
    const files = Array.from({ length: 20 }, (_, index) => file(`${index}.csv`));
    expect(linesOf({ files })).toHaveLength(3 + 8 + 1);
    expect(linesOf({ files }).at(-1)).toContain('--dry-run');
  });

  it('says what is to be known before', () => {
    const notes = [{ code: 'kernel-missing', kernel: 'p\nx', python: '/e/python' }] as const;
    expect(linesOf({ notes: [...notes] })[2]).toBe(
      '  There is no kernel p x where the job runs: the notebook runs in /e/python instead.'
    );
  });

  it('names what is not taken along, and the cell where there is one', () => {
    const notTaken = [
      { literal: '../a\n.csv', cell: 3 },
      { literal: '/b.csv', cell: 0 }
    ];
    expect(linesOf({ notTaken }).slice(2)).toEqual([
      '  Not taken along: ../a .csv (cell 3)',
      '  Not taken along: /b.csv'
    ]);
  });
});
