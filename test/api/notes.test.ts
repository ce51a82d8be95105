import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { JobRecord } from '../../src/api/job';
import { Notes, joinNotes } from '../../src/api/notes';
import { NOTES } from './everyNote';
import { jobRecord } from './jobRecord';

describe('Notes', () => {
  it.each(NOTES.map(note => [note.code, note] as const))('reads %s', (_, note) => {
    expect(v.parse(Notes, JSON.parse(JSON.stringify([note])))).toEqual([note]);
  });

  it('keeps the bare word of a code that this version does not know', () => {
    const newer = { code: 'moon-phase', phase: 0.5 };
    expect(v.parse(Notes, [newer, ...NOTES])).toEqual([
      { code: 'unknown', word: 'moon-phase' },
      ...NOTES
    ]);
  });

  it('keeps the bare word of a note whose values are not those of its code', () => {
    expect(v.parse(Notes, [{ code: 'kernel-missing', kernel: 3 }])).toEqual([
      { code: 'unknown', word: 'kernel-missing' }
    ]);
  });

  it.each([null, 'text', 7, {}, [null, 'text', [], {}, { code: 4 }]].map(value => [value]))(
    'is nothing where there is nothing to read: %j',
    value => {
      expect(v.parse(Notes, value)).toEqual([]);
    }
  );

  it('does not grow without end', () => {
    const many = Array.from({ length: 1000 }, (_, index) => ({
      code: `${'x'.repeat(999)}${index}`
    }));
    expect(JSON.stringify(v.parse(Notes, many)).length).toBeLessThan(4000);
  });

  it('are none in the record of an earlier version, which stays readable', () => {
    const { notes, ...earlier } = jobRecord();
    expect(v.parse(JobRecord, earlier).notes).toEqual(notes);
  });

  it('never make a record unreadable', () => {
    const record = { ...jobRecord(), notes: [{ code: 'moon-phase' }, 4] };
    expect(v.parse(JobRecord, record).notes).toEqual([{ code: 'unknown', word: 'moon-phase' }]);
  });
});

describe('joinNotes', () => {
  it('keeps each once, in their order', () => {
    const [first, second] = NOTES;
    expect(joinNotes(NOTES.slice(0, 1), [...NOTES.slice(0, 2), ...NOTES.slice(0, 1)])).toEqual([
      first,
      second
    ]);
  });
});
