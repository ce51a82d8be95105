import { act } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CommandIDs } from '../../../src/lab/commandIDs';
import { finishedJob } from '../../api/jobRecord';
import { button, click } from './drawn';
import { listed } from './listed';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  document.querySelectorAll('.lm-Menu').forEach(menu => press(menu, ESCAPE));
  vi.useRealTimers();
});

/** Keys by the codes that menus know them by. */
const [ENTER, ESCAPE, DOWN] = [13, 27, 40];

const MORE = 'More for analysis';

function entries(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>('.lm-Menu-item[data-type=command]')].filter(
    item => !item.classList.contains('lm-mod-hidden')
  );
}

function texts(): string[] {
  return entries().map(item => item.querySelector('.lm-Menu-itemLabel')?.textContent ?? '');
}

/** Presses a key, and lets the page settle. */
function press(node: Element, keyCode: number): void {
  act(() => {
    node.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, keyCode }));
    vi.runAllTimers();
  });
}

/** Lets menus draw which entry is active: they do that a moment later. */
async function settled(): Promise<void> {
  await act(() => vi.runAllTimersAsync().then(() => undefined));
}

/** Goes down to an entry of the menu that is open, and chooses it. */
function choose(label: string): void {
  const menu = document.querySelector('.lm-Menu') as Element;
  for (let steps = texts().indexOf(label); steps > 0; steps -= 1) {
    press(menu, DOWN);
  }
  press(menu, ENTER);
}

test('the menu offers what can be done with a job', () => {
  listed([finishedJob()]);
  expect(button(MORE).getAttribute('aria-haspopup')).toBe('menu');
  click(MORE);
  expect(texts()).toEqual([
    'openResult',
    'openLog',
    'openScript',
    'What happened when',
    'cancelJob',
    'submitAgain',
    'fetchResult',
    'checkAgain',
    'copyJobId',
    'removeJob'
  ]);
});

test('commands that make no sense for the job, or are not there, are not offered', () => {
  const { commands } = listed([finishedJob()]);
  vi.spyOn(commands, 'isVisible').mockImplementation(
    (command, args) => command !== CommandIDs.cancelJob && args?.['id'] === 'k3v9x2ab'
  );
  vi.spyOn(commands, 'hasCommand').mockImplementation(command => command !== CommandIDs.openLog);
  click(MORE);
  expect(texts()).not.toContain('cancelJob');
  expect(texts()).not.toContain('openLog');
  expect(texts()).toContain('openScript');
});

test('a chosen command gets the job, and the button the focus', () => {
  const { ran } = listed([finishedJob()]);
  click(MORE);
  choose('openLog');
  expect(ran).toEqual(['openLog k3v9x2ab']);
  expect(document.activeElement).toBe(button(MORE));
  expect(document.querySelector('.lm-Menu')).toBeNull();
});

test('what happened when opens in the row, and closes', () => {
  const { place } = listed([finishedJob()]);
  click(MORE);
  choose('What happened when');
  expect(place.querySelector('caption')?.textContent).toBe('What happened when');
  expect(place.querySelector('table')?.textContent).toContain('/home/ada/.jupyterlab-submit');
  click('Close');
  expect(place.querySelector('table')).toBeNull();
});

test('what happened when that cannot be drawn takes neither its row nor another away', () => {
  const silent = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { place, rows } = listed([
    finishedJob({ submittedAt: 1e300 }),
    finishedJob({ id: 'other123' })
  ]);
  click(MORE);
  choose('What happened when');
  expect(rows()).toHaveLength(2);
  expect(rows()[0]?.textContent).toMatch(/^doneanalysis.*This cannot be shown here\.$/);
  expect(place.querySelector('table')).toBeNull();
  silent.mockRestore();
});

test('opened by keyboard, the menu starts at its first entry', async () => {
  listed([finishedJob()]);
  click(MORE);
  await settled();
  expect(document.querySelector('.lm-mod-active')?.textContent).toContain('openResult');
});

test('a menu that is left gives the focus back', () => {
  const { ran } = listed([finishedJob()]);
  click(MORE);
  press(document.querySelector('.lm-Menu') as Element, ESCAPE);
  expect(document.querySelector('.lm-Menu')).toBeNull();
  expect(document.activeElement).toBe(button(MORE));
  expect(ran).toEqual([]);
});

test('opened by mouse, it waits for the mouse', async () => {
  listed([finishedJob()]);
  const byMouse = new MouseEvent('click', { bubbles: true, detail: 1 });
  act(() => void button(MORE).dispatchEvent(byMouse));
  await settled();
  expect(entries()).not.toEqual([]);
  expect(document.querySelector('.lm-mod-active')).toBeNull();
});
