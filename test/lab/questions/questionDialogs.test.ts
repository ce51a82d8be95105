import { Notification } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { problem } from '../../../src/api/problem';
import type { Question } from '../../../src/api/question';
import { QuestionDialogs } from '../../../src/lab/questions/questionDialogs';
import type { IQuestions } from '../../../src/lab/tokens';
import { FakeBrowser, type FakePage } from '../fakeBrowser';
import { click, type } from '../jobs/drawn';
import { hostKeyQuestion, question } from './question';

/** Questions that a test says, and that note the answers. */
class FakeQuestions implements IQuestions {
  readonly changed: Signal<IQuestions, void> = new Signal(this);
  readonly answers: [string, string[] | null][] = [];
  refusal: Error | null = null;
  list: readonly Question[] = [];

  async tell(list: readonly Question[]): Promise<void> {
    await act(async () => {
      this.list = list;
      this.changed.emit();
    });
  }

  async answer(id: string, answers: string[] | null): Promise<void> {
    this.answers.push([id, answers]);
    this.list = this.list.filter(other => other.id !== id);
    this.changed.emit();
    await Promise.resolve();
    if (this.refusal !== null) {
      throw this.refusal;
    }
  }
}

const first = question({ id: 'first' });
const second = hostKeyQuestion({ id: 'second' });

let questions: FakeQuestions;
let page: FakePage;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  Notification.dismiss();
  questions = new FakeQuestions();
  page = new FakeBrowser().page();
  new QuestionDialogs({ questions, page, trans: nullTranslator.load('jupyterlab_submit') });
});

afterEach(async () => {
  await questions.tell([]);
  vi.unstubAllGlobals();
});

/** The names of the dialogs in the page. */
function shown(): (string | null)[] {
  return [...document.querySelectorAll('dialog')].map(node => node.getAttribute('aria-label'));
}

function field(): HTMLInputElement {
  const found = document.querySelector<HTMLInputElement>('input[name=answer]');
  if (found === null) {
    throw new Error('no field');
  }
  return found;
}

const answer = (label: string): Promise<void> => act(async () => click(label));

describe('what logins ask', () => {
  it('is shown one after the other, the oldest first', async () => {
    await questions.tell([first, second]);
    expect(shown()).toEqual(['Sign in to hpc']);
    type(field(), '1234');
    await answer('Answer');
    expect(shown()).toEqual(['Sign in to hpc: is this the right host?']);
    await answer('Accept');
    expect(shown()).toEqual([]);
    expect(questions.answers).toEqual([
      ['first', ['1234']],
      ['second', ['yes']]
    ]);
  });

  it('goes when it is over, without an answer, and the next one comes', async () => {
    await questions.tell([first]);
    type(field(), '12');
    await questions.tell([second]);
    expect(shown()).toEqual(['Sign in to hpc: is this the right host?']);
    await questions.tell([]);
    expect(shown()).toEqual([]);
    expect(questions.answers).toEqual([]);
  });

  it('stays as it is while other questions come', async () => {
    await questions.tell([first]);
    type(field(), '12');
    await questions.tell([{ ...first }, second]);
    expect(field().value).toBe('12');
  });

  it('comes up in a page that can be seen, and stays while the person looks for the code', async () => {
    page.hide();
    await questions.tell([first]);
    expect(shown()).toEqual([]);
    await act(async () => page.show());
    expect(shown()).toEqual(['Sign in to hpc']);
    type(field(), '12');
    await act(async () => page.hide());
    expect(field().value).toBe('12');
  });

  it('is cancelled by the person', async () => {
    await questions.tell([first]);
    await answer('Cancel');
    expect(questions.answers).toEqual([['first', null]]);
    expect(shown()).toEqual([]);
  });
});

describe('an answer', () => {
  it('that comes too late is told briefly', async () => {
    questions.refusal = problem('question-over', {});
    await questions.tell([first]);
    type(field(), 'secret-code');
    await answer('Answer');
    const [notice] = Notification.manager.notifications;
    expect(notice).toMatchObject({ type: 'info', options: { autoClose: 8000 } });
    expect(notice?.message).toMatch(/over/);
    expect(shown()).toEqual([]);
  });

  it('that does not arrive is told, without what was typed', async () => {
    questions.refusal = problem('server-silent', {}, { details: { output: 'Failed to fetch' } });
    await questions.tell([first]);
    type(field(), 'secret-code');
    await answer('Answer');
    const [notice] = Notification.manager.notifications;
    expect(notice?.message).toBe('The Jupyter server does not answer.');
    expect(JSON.stringify(Notification.manager.notifications)).not.toContain('secret-code');
  });
});
