import { expect, it } from 'vitest';
import { noteWords } from '../../src/words';
import { NOTES } from '../api/everyNote';
import { strict } from './strict';

it.each(NOTES.map(note => [note.code, note] as const))('says %s, with its values', (_, note) => {
  const words = noteWords(note, strict);
  expect(words).not.toMatch(/%\d|undefined|null|\n/);
  for (const value of Object.entries(note).flatMap(([name, text]) =>
    name === 'code' || text === null ? [] : text
  )) {
    expect(words).toContain(value);
  }
});
