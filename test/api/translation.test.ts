import { describe, expect, it } from 'vitest';
import { english } from '../../src/api/translation';

describe('english', () => {
  it('puts arguments into their places', () => {
    expect(english.__('%2 of %1, %2', 'a', 3)).toBe('3 of a, 3');
  });

  it('does not read placeholders in what was put in', () => {
    expect(english.__('%1 and %2', '%2', '%1')).toBe('%2 and %1');
  });

  it('writes a doubled percent sign as one, as JupyterLab does', () => {
    expect(english.__('%%px is 100%% of %1', 'x')).toBe('%px is 100% of x');
  });

  it('leaves a placeholder that has no argument', () => {
    expect(english.__('%1 %10', 'x')).toBe('x %10');
  });

  it.each([
    [0, '0 cells'],
    [1, '1 cell'],
    [2, '2 cells']
  ])('picks the form for %d', (count, text) => {
    expect(english._n('%1 cell', '%1 cells', count)).toBe(text);
  });

  it('counts first among the arguments of a plural', () => {
    expect(english._n('%2: %1', '%2: %1', 5, 'x')).toBe('x: 5');
  });
});
