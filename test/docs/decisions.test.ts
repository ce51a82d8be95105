import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const FOLDER = 'docs/decisions';
const pages = readdirSync(FOLDER).filter(name => name !== 'template.md');

it.each(pages)('%s is numbered as its file, dated, and says what was turned down', page => {
  const number = page.slice(0, 4);
  const text = readFileSync(path.join(FOLDER, page), 'utf8');
  expect(text).toMatch(new RegExp(`^# ${number} \\S.*\\n\\nAccepted \\d{4}-\\d\\d-\\d\\d\\.`));
  expect(text).toContain('**Turned down.**');
});

it('no number is given twice', () => {
  const numbers = pages.map(page => page.slice(0, 4));
  expect(new Set(numbers).size).toBe(numbers.length);
});
