import { act } from 'react';
import { expect, test, vi } from 'vitest';
import { problem } from '../../../src/api/problem';
import { english } from '../../../src/api/translation';
import { ProblemView } from '../../../src/lab/parts/ProblemView';
import { button, click, drawn, labels } from '../jobs/drawn';

const unavailable = problem(
  'service-unavailable',
  {},
  { details: { command: 'node main.js', exitCode: 3, output: 'no disk\n' } }
).problem;

test('a problem says what happened and what to do', () => {
  const place = drawn(<ProblemView problem={unavailable} trans={english} />);
  expect(place.querySelector('[role=alert]')?.textContent).toBe(
    'The service that submits jobs cannot be started.'
  );
  expect(place.textContent).toContain('Try again; the details say what stands in its way.');
  expect(labels(place)).toEqual(['Details']);
});

test('its details open and close', () => {
  const place = drawn(<ProblemView problem={unavailable} trans={english} />);
  expect(button('Details').getAttribute('aria-expanded')).toBe('false');
  click('Details');
  expect(button('Details').getAttribute('aria-expanded')).toBe('true');
  expect(place.querySelector('textarea')?.value).toBe(
    'Command: node main.js\nExit code: 3\nno disk'
  );
  click('Details');
  expect(place.querySelector('textarea')).toBeNull();
});

test('it offers what can be done, then to go away', () => {
  const [run, onDismiss] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const silent = problem('server-silent', {}).problem;
  const place = drawn(
    <ProblemView
      problem={silent}
      trans={english}
      actions={[{ label: 'Retry', run }]}
      onDismiss={onDismiss}
    />
  );
  expect(labels(place)).toEqual(['Retry', 'Dismiss']);
  click('Retry');
  click('Dismiss');
  expect([run, onDismiss].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});

test('no button of it submits a form that it stands in', () => {
  const submitted = vi.fn<() => void>();
  drawn(
    <form onSubmit={submitted}>
      <ProblemView
        problem={unavailable}
        trans={english}
        actions={[{ label: 'Retry', run: () => undefined }]}
        onDismiss={() => undefined}
      />
    </form>
  );
  click('Details');
  for (const { type } of document.querySelectorAll('button')) {
    expect(type).toBe('button');
  }
  click('Retry');
  expect(submitted).not.toHaveBeenCalled();
});

test('it takes two lines until more of it is wanted', () => {
  const looks: (() => void)[] = [];
  class Observer {
    constructor(look: () => void) {
      looks.push(look);
    }
    observe() {}
    disconnect() {}
  }
  vi.stubGlobal('ResizeObserver', Observer);
  const place = drawn(<ProblemView problem={unavailable} trans={english} />);
  expect(labels(place)).toEqual(['Details']);
  const words = place.querySelector('.jp-SubmitProblem-words');
  Object.defineProperties(words, { scrollHeight: { value: 80 }, clientHeight: { value: 40 } });
  act(() => looks.forEach(look => look()));
  expect(labels(place)).toEqual(['Show more of the problem']);
  click('Show more of the problem');
  expect(labels(place)).toEqual(['Show less of the problem', 'Details']);
  expect(words?.classList.contains('jp-mod-brief')).toBe(false);
  click('Show less of the problem');
  expect(words?.classList.contains('jp-mod-brief')).toBe(true);
});
