import { describe, expect, it } from 'vitest';
import { causeLine, causeWords } from '../../src/words';
import { CAUSES } from '../api/everyCause';
import { strict } from './strict';

describe('causeWords', () => {
  it.each(CAUSES.map(cause => [cause.code, cause] as const))('explains %s', (_, cause) => {
    const { advice, details, title } = causeWords(cause, strict);
    expect(title.trim()).not.toBe('');
    for (const text of [title, advice, details]) {
      expect(text).not.toMatch(/%\d|undefined|null|NaN|\[object/);
    }
    // Somebody who cancelled knows what to do next.
    expect(advice === '').toBe(cause.code === 'cancelled');
  });

  it('speaks of an answer of the cluster only where there is one', () => {
    const advice = (text: string): string =>
      causeWords({ code: 'refused', reason: null, text }, strict).advice;
    expect(advice('something new')).toContain('Its own answer is below');
    expect(advice(' \n')).toContain('did not say why');
  });

  it('says which module is missing where, and the line that installs it', () => {
    const words = causeWords(
      {
        code: 'environment',
        module: 'ipyparallel',
        python: '/e/bin/python',
        fix: 'pip install it'
      },
      strict
    );
    expect(words.title).toBe('ipyparallel is not installed in /e/bin/python.');
    expect(words.advice).toContain('pip install it');
  });

  it('says which version is too old, and the line that brings a newer one', () => {
    const cause = {
      code: 'environment',
      module: 'ipyparallel',
      python: '/p',
      fix: "/p -m pip install -U 'ipyparallel>=8.2'",
      version: '7.1.0',
      oldest: '8.2'
    } as const;
    const { advice, title } = causeWords(cause, strict);
    expect(title).toBe('ipyparallel 7.1.0 is too old: 8.2 or newer is needed.');
    expect(advice).toMatch(/ \/p -m pip install -U 'ipyparallel>=8\.2'$/);
    expect(causeLine(cause, strict)).toBe('ipyparallel 7.1.0 is too old');
    const after = { line: 1, text: 'conda activate px' };
    expect(causeWords({ ...cause, after }, strict).advice).toContain('7.1.0 is too old');
  });

  it('begins with the environment line that failed before', () => {
    const after = { line: 2, text: 'conda activate px' };
    const cause = { code: 'environment', module: 'nbclient', python: '/p', fix: 'pip it' } as const;
    const words = causeWords({ ...cause, after }, strict);
    expect(words.title).toBe('Environment line 2 failed: conda activate px');
    expect(words.advice).toMatch(/nbclient is not installed in \/p\..*pip it$/);
  });

  it('tells of engines where a package looks for a controller and none was started', () => {
    const evalue =
      "Connection file '~/.ipython/x.json' not found.\nYou have attempted to connect to an IPython Cluster but no Controller could be found.";
    const words = causeWords({ code: 'cell-error', cell: 1, ename: 'OSError', evalue }, strict);
    expect(words.advice).toContain('--engines always');
  });

  it.each(['Cell magic `%%px` not found.', 'Line magic function `%px` not found.'])(
    'says what a notebook needs to have ipyparallel: %j',
    evalue => {
      const { advice } = causeWords(
        { code: 'cell-error', cell: 1, ename: 'UsageError', evalue },
        strict
      );
      expect(advice).toContain('rc = ipp.Client()');
    }
  );

  it('says what to do with a cell that asks', () => {
    const ename = 'StdinNotImplementedError';
    const evalue = 'raw_input was called, but this frontend does not support input requests.';
    const { advice } = causeWords({ code: 'cell-error', cell: 1, ename, evalue }, strict);
    expect(advice).toMatch(/^Nobody is there to answer/);
  });

  it('keeps the whole of a long error in the details', () => {
    const evalue = 'first\nsecond\nthird';
    const words = causeWords({ code: 'cell-error', cell: 1, ename: 'E', evalue }, strict);
    expect(words.title).toBe('Cell 1 failed: E: first');
    expect(words.details).toBe(`E: ${evalue}`);
  });

  it('shows the end of the log, and the answer of the cluster', () => {
    for (const cause of CAUSES) {
      const text = 'log' in cause ? cause.log : 'text' in cause ? cause.text : '';
      expect(causeWords(cause, strict).details).toContain(text.trim());
    }
  });
});

describe('causeLine', () => {
  it.each(CAUSES.map(cause => [cause.code, cause] as const))('names %s in a line', (_, cause) => {
    const line = causeLine(cause, strict);
    expect(line).not.toMatch(/%\d|undefined|null|\n/);
    expect(line.length).toBeLessThan(90);
    expect(line).not.toBe('');
  });
});
