import { describe, expect, it } from 'vitest';
import { paintFor, plain } from '../../src/cli/paint';

describe('paintFor', () => {
  it('colors a terminal', () => {
    expect(paintFor({ isTTY: true }, { TERM: 'xterm' })('bad', 'x')).toBe('\u001b[31mx\u001b[39m');
  });

  it('takes an empty NO_COLOR for none, as no-color.org asks', () => {
    expect(paintFor({ isTTY: true }, { NO_COLOR: '' })).not.toBe(plain);
  });

  it.each([
    ['a pipe', {}, {}],
    ['NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }]
  ])('leaves text as it is for %s', (_, stream, environment) => {
    expect(paintFor(stream, environment)('bad', 'x')).toBe('x');
  });
});
