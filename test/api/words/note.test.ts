import { expect, it } from 'vitest';
import { noteWords } from '../../../src/api/words';
import { NOTES } from '../everyNote';
import { strict } from './strict';

it.each(NOTES.map(note => [note.code, note] as const))('says %s, with its values', (_, note) => {
  const words = noteWords(note, strict);
  expect(words).not.toMatch(/%\d|undefined|null|\n/);
  for (const value of Object.entries(note).flatMap(([name, text]) =>
    name === 'code' ? [] : text
  )) {
    expect(words).toContain(value);
  }
});
