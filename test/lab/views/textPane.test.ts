import { MessageLoop } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TextPane } from '../../../src/lab/views/textPane';

let pane: TextPane;

function body(): HTMLElement {
  const found = pane.node.querySelector('pre');
  return found ?? expect.unreachable('the pane has no text');
}

/** Gives the text a size, which jsdom does not lay out: ten pixels a line, a hundred in sight. */
function laidOut(): void {
  Object.defineProperties(body(), {
    clientHeight: { get: () => 100 },
    scrollHeight: { get: () => pane.text.split('\n').length * 10 }
  });
}

function scrollTo(top: number): void {
  body().scrollTop = top;
  body().dispatchEvent(new Event('scroll'));
}

function open(isLog: boolean): void {
  pane = new TextPane({ label: 'analysis: log', isLog });
  laidOut();
  Widget.attach(pane, document.body);
}

const LINES = 'line\n'.repeat(50);

beforeEach(() => open(true));
afterEach(() => pane.dispose());

describe('a log', () => {
  it('keeps its end in sight', () => {
    pane.setText(LINES);
    expect(body().scrollTop).toBe(510);
    pane.change({ added: 'more\n' });
    expect(body().scrollTop).toBe(520);
    expect(pane.text).toBe(`${LINES}more\n`);
  });

  it('stays where the person has scrolled to, until they come back to the end', () => {
    pane.setText(LINES);
    scrollTo(120);
    pane.change({ added: 'more\n' });
    pane.change({ replaced: `${LINES}other\n` });
    expect(body().scrollTop).toBe(120);
    scrollTo(body().scrollHeight - 100 - 15);
    pane.change({ added: 'more\n' });
    expect(body().scrollTop).toBe(body().scrollHeight);
  });

  it('is not taken for scrolled while nobody sees it', () => {
    pane.setText(LINES);
    pane.hide();
    scrollTo(0);
    pane.show();
    expect(body().scrollTop).toBe(510);
  });

  it('can be read by everybody, and does not speak by itself', () => {
    expect(body().getAttribute('role')).toBe('log');
    expect(body().getAttribute('aria-live')).toBe('off');
    expect(body().getAttribute('aria-label')).toBe('analysis: log');
    expect(body().tabIndex).toBe(0);
    MessageLoop.sendMessage(pane, Widget.Msg.ActivateRequest);
    expect(document.activeElement).toBe(body());
  });
});

describe('a text', () => {
  it('is shown from its beginning', () => {
    pane.dispose();
    open(false);
    pane.setText(LINES);
    expect(body().scrollTop).toBe(0);
    expect(body().getAttribute('role')).toBe('region');
  });

  it('is shown as it is, markup too', () => {
    pane.setText('<b>not bold</b>');
    expect(pane.text).toBe('<b>not bold</b>');
    expect(body().querySelector('b')).toBeNull();
  });

  it('has words above it, while there is something to say', () => {
    const words = pane.node.querySelector<HTMLElement>('[role="status"]');
    pane.say('It cannot be read.', '', 'Try again.');
    expect(words?.textContent).toBe('It cannot be read.\nTry again.');
    expect(words?.hidden).toBe(false);
    pane.say('');
    expect(words?.hidden).toBe(true);
  });
});
