import { describe, expect, it } from 'vitest';
import { momentWords } from '../../src/words';
import { NOON } from '../api/jobRecord';
import { reader } from './strict';

describe('momentWords', () => {
  it('says only the time of day for today', () => {
    expect(momentWords(NOON + 8400, reader)).toBe('14:20');
  });

  it('says the day too for any other', () => {
    expect(momentWords(NOON + 86_400, reader)).toMatch(/Sat.* 3 Jan.* 12:00/);
  });

  it('says the year of another one, where the day alone would mislead', () => {
    expect(momentWords(NOON - 86_400 * 300, reader)).toContain('2025');
  });

  it('goes by the reader: their clock, their way of writing', () => {
    const american = { ...reader, locale: 'en-US', timeZone: 'America/New_York' };
    expect(momentWords(NOON + 8400, american).replace(/\s/g, ' ')).toBe('9:20 AM');
  });

  it('takes the day from the reader’s zone: late evening there is tomorrow elsewhere', () => {
    const inTokyo = { ...reader, timeZone: 'Asia/Tokyo' };
    expect(momentWords(NOON + 3 * 3600, inTokyo)).toMatch(/Sat/);
  });
});
