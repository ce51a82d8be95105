import { describe, expect, it } from 'vitest';
import { plain } from '../../src/cli/paint';
import { type Screen, makeScreen } from '../../src/cli/screen';

function screenOn(
  out: { isTTY?: boolean; columns?: number },
  environment: NodeJS.ProcessEnv = {}
): { screen: Screen; written: string[] } {
  const written: string[] = [];
  const write = (text: string): unknown => written.push(text);
  const screen = makeScreen({
    out: Object.assign(out, { write }),
    err: { write: text => written.push(`err:${text}`) },
    paint: plain,
    paintError: plain,
    environment
  });
  return { screen, written };
}

describe('makeScreen', () => {
  it('redraws a live line in place, below the lines that come meanwhile', () => {
    const { screen, written } = screenOn({ isTTY: true });
    screen.live('10 %');
    screen.live('10 %');
    screen.line('news');
    screen.error('trouble');
    screen.live(null);
    screen.line('end');
    expect(written.join('')).toBe(
      '\r\u001b[K10 %' +
        '\r\u001b[Knews\n10 %' +
        '\r\u001b[Kerr:trouble\n10 %' +
        '\r\u001b[K' +
        'end\n'
    );
  });

  it('shows no live line over what somebody types, and the last one afterwards', () => {
    const { screen, written } = screenOn({ isTTY: true });
    screen.live('10 %');
    screen.hold(true);
    screen.live('20 %');
    screen.line('Password: ');
    screen.live('30 %');
    screen.hold(false);
    screen.hold(true);
    screen.live(null);
    screen.hold(false);
    expect(written.join('')).toBe(
      '\r\u001b[K10 %' + '\r\u001b[K' + 'Password: \n' + '\r\u001b[K30 %' + '\r\u001b[K'
    );
  });

  it.each([
    ['a pipe', {}, {}],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }]
  ])('shows nothing live on %s', (_, out, environment) => {
    const { screen, written } = screenOn(out, environment);
    screen.live('10 %');
    screen.line('x');
    expect(screen.isLive).toBe(false);
    expect(written).toEqual(['x\n']);
  });

  it('knows how wide the terminal is at the moment, and that a pipe has no width', () => {
    const out = { isTTY: true, columns: 100 };
    const { screen } = screenOn(out);
    expect(screen.columns).toBe(100);
    out.columns = 60;
    expect(screen.columns).toBe(60);
    expect(screenOn({}).screen.columns).toBeNull();
    expect(screenOn({ isTTY: true }).screen.columns).toBe(80);
    expect(screenOn({ isTTY: true, columns: 0 }).screen.columns).toBe(80);
  });

  it.each([
    [{ LANG: 'de_DE.UTF-8' }, true],
    [{ LANG: 'C' }, false],
    [{}, false],
    [{ LANG: 'de_DE.UTF-8', LC_ALL: 'C' }, false],
    [{ LANG: 'C', LC_CTYPE: 'en_US.utf8' }, true]
  ])('%j has more than ASCII: %s', (environment, expected) => {
    expect(screenOn({}, environment).screen.hasUnicode).toBe(expected);
  });
});
