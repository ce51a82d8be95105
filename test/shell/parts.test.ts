import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginPart, readParts } from '../../src/shell/parts';
import { quote } from '../../src/shell/quote';
import { AWKWARD_NAMES } from '../awkward';
import '../strangers/runs';

const MARK = '@@k3v9x2ab';

function bash(...lines: string[]): string {
  return execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' });
}

describe('parts', () => {
  it('are read as a shell has printed them, wherever a line ended before', () => {
    const said = bash(
      'echo Welcome',
      'printf "no line end"',
      beginPart(MARK, 'queue'),
      'printf "4711\\nlast"',
      `state=failed; ${beginPart(MARK, 'status %s of %s', '"$state"', '4711')}`,
      beginPart(MARK, 'empty')
    );
    expect(readParts(said, MARK)).toEqual([
      { kind: 'queue', rest: '', text: '4711\nlast' },
      { kind: 'status', rest: 'failed of 4711', text: '' },
      { kind: 'empty', rest: '', text: '' }
    ]);
  });

  it.each(AWKWARD_NAMES.filter(name => !name.includes('\n')))('can be called %j', name => {
    const said = bash(beginPart(MARK, 'file %s', quote(name)), 'echo text');
    expect(readParts(said, MARK)).toEqual([{ kind: 'file', rest: name, text: 'text\n' }]);
  });

  it('keep all of their text, and take nothing for a part but their own mark at the start of a line', () => {
    const text = fc.string({
      unit: fc.constantFrom('@', '@@ ', '\n', ' ', MARK.slice(0, -1), 'x')
    });
    fc.assert(
      fc.property(text, text, (one, other) => {
        const said = `${other}\n${MARK} a b c\n${one}\n${MARK} d\n${other}`;
        expect(readParts(said, MARK)).toEqual([
          { kind: 'a', rest: 'b c', text: one },
          { kind: 'd', rest: '', text: other }
        ]);
      })
    );
  });

  it.each(['', 'nothing of ours\n', `x ${MARK} y\n`, MARK])('are none in %j', said => {
    expect(readParts(said, MARK)).toEqual([]);
  });
});
