import { act } from 'react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Question } from '../../../src/api/question';
import { english } from '../../../src/api/translation';
import { QuestionDialog } from '../../../src/lab/questions/questionDialog';
import { FakeClock } from '../fakeClock';
import { button, click, labels, type } from '../jobs/drawn';
import { hostKeyQuestion, question } from './question';

// As Lab's style sheet has it: what is not drawn gets no focus.
document.head.appendChild(document.createElement('style')).textContent = 'dialog { display: flex }';

let clock: FakeClock;
let answered: ReturnType<typeof vi.fn<(answers: string[] | null, keeps: boolean) => void>>;
let dialog: QuestionDialog;

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  clock = new FakeClock();
  answered = vi.fn<(answers: string[] | null, keeps: boolean) => void>();
});

afterEach(async () => {
  await act(async () => dialog.withdraw());
  vi.unstubAllGlobals();
});

/** Asks a question, as the page would. */
async function ask(asked: Question): Promise<HTMLElement> {
  dialog = new QuestionDialog({ question: asked, clock, trans: english, answered });
  await act(async () => void dialog.launch());
  await dialog.ready;
  return dialog.node;
}

function fields(): HTMLInputElement[] {
  return [...dialog.node.querySelectorAll<HTMLInputElement>('input[name=answer]')];
}

function field(index = 0): HTMLInputElement {
  const found = fields()[index];
  if (found === undefined) {
    throw new Error(`no field ${index}`);
  }
  return found;
}

let lastKey: KeyboardEvent;

function press(key: string, target: Element | null = document.activeElement): Promise<void> {
  lastKey = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
  return act(async () => void target?.dispatchEvent(lastKey));
}

describe('a prompt', () => {
  it('is shown with who asks, and what the host says, as it came', async () => {
    const instruction = 'Choose:\n  1. Push\n  2. Call';
    const node = await ask(question({ name: 'Duo login', instruction }));
    expect(node.getAttribute('aria-label')).toBe('Sign in to hpc');
    const words = document.getElementById(node.getAttribute('aria-describedby') ?? '');
    expect(words?.textContent).toBe(`ada@login.hpc.example asks:Duo login${instruction}`);
    expect(node.querySelector('.jp-mod-lines')?.textContent).toBe(instruction);
  });

  it('has a field with its label, which has the focus and hides what is typed', async () => {
    await ask(question());
    expect([...(field().labels ?? [])].map(({ textContent }) => textContent)).toEqual([
      'Verification code:'
    ]);
    expect(document.activeElement).toBe(field());
    expect(field().type).toBe('password');
    expect(field().getAttribute('autocomplete')).toBe('off');
    expect(field().getAttribute('spellcheck')).toBe('false');
    expect(dialog.node.querySelector('input[type=checkbox]')).toBeNull();
  });

  it.each<[boolean | null, string]>([
    [true, 'text'],
    [false, 'password'],
    [null, 'password']
  ])('with an echo of %s is of type %s', async (echo, kind) => {
    await ask(question({ prompts: [{ text: 'Code: ', echo }] }));
    expect(field().type).toBe(kind);
  });

  it('of which nobody knows whether it is a secret is shown when the person wants it', async () => {
    await ask(question({ prompts: [{ text: 'Passcode or option (1-3): ', echo: null }] }));
    const show = dialog.node.querySelector<HTMLInputElement>('input[type=checkbox]');
    expect(show?.labels?.[0]?.textContent).toBe('Show what I type');
    type(field(), '1');
    act(() => show?.click());
    expect(field()).toMatchObject({ type: 'text', value: '1' });
    act(() => show?.click());
    expect(field().type).toBe('password');
  });

  it('is answered by Enter, once, and what was typed is gone', async () => {
    await ask(question());
    const typed = field();
    type(typed, '123456');
    await press('Enter');
    await press('Enter', typed);
    expect(answered.mock.calls).toEqual([[['123456'], false]]);
    expect(typed.value).toBe('');
    expect(dialog.isDisposed).toBe(true);
  });

  it('is answered as it is, also with nothing or with spaces', async () => {
    await ask(question());
    await press('Enter');
    expect(answered).toHaveBeenLastCalledWith([''], false);
    await ask(question());
    type(field(), ' a b ');
    click('Answer', dialog.node);
    expect(answered).toHaveBeenLastCalledWith([' a b '], false);
  });

  it('can be one of several of a round', async () => {
    const prompts = [
      { text: 'Password: ', echo: false },
      { text: 'Token\n(6 digits): ', echo: true }
    ];
    await ask(question({ prompts }));
    expect(fields().map(({ type: kind }) => kind)).toEqual(['password', 'text']);
    type(field(0), 'pw');
    type(field(1), '42');
    await press('Enter', field(1));
    expect(answered).toHaveBeenCalledWith(['pw', '42'], false);
  });

  it.each(['the button', 'Escape'])('is cancelled by %s, and what was typed is gone', async way => {
    await ask(question());
    const typed = field();
    type(typed, 'pw');
    if (way === 'Escape') {
      await press('Escape');
    } else {
      click('Cancel', dialog.node);
    }
    expect(answered.mock.calls).toEqual([[null, false]]);
    expect(typed.value).toBe('');
  });

  it('takes nothing of what somebody was typing elsewhere when it came up', async () => {
    const cell = document.body.appendChild(document.createElement('textarea'));
    cell.focus();
    await ask(question());
    for (const key of ['a', 'Enter', 'Escape', 'b']) {
      await clock.pass(500);
      await press(key, field());
    }
    expect(lastKey.defaultPrevented).toBe(true);
    expect(answered).not.toHaveBeenCalled();
    await clock.pass(700);
    await press('1', field());
    expect(lastKey.defaultPrevented).toBe(false);
    type(field(), '1');
    await press('Enter', field());
    expect(answered).toHaveBeenCalledWith(['1'], false);
    cell.remove();
  });

  it('takes the first key where nobody was typing', async () => {
    const signIn = document.body.appendChild(document.createElement('button'));
    signIn.focus();
    await ask(question());
    await press('1', field());
    expect(lastKey.defaultPrevented).toBe(false);
    signIn.remove();
  });

  it('stays when somebody clicks beside it', async () => {
    await ask(question());
    type(field(), 'pw');
    act(() => {
      dialog.node.dispatchEvent(new MouseEvent('mousedown', { bubbles: true }));
      dialog.node.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    });
    expect(answered).not.toHaveBeenCalled();
    expect(field().value).toBe('pw');
  });

  it('says that the last answer was not right', async () => {
    const node = await ask(question({ isRepeated: true }));
    expect(node.textContent).toContain('That was not right. Please once more.');
  });

  it('tells how long there is to answer, and leaves the end to whoever asks', async () => {
    const node = await ask(question());
    const left = (): string | null | undefined => node.querySelector('[role=timer]')?.textContent;
    expect(left()).toBe('Time left: 2:00');
    await act(() => clock.pass(61_000));
    expect(left()).toBe('Time left: 0:59');
    await act(() => clock.pass(90_000));
    expect(left()).toBe('Time left: 0:00');
    type(field(), 'pw');
    await press('Enter');
    expect(answered).toHaveBeenCalledWith(['pw'], false);
  });
});

describe('a round without prompts', () => {
  it('is read, and OK', async () => {
    const node = await ask(question({ prompts: [], instruction: 'Maintenance on Monday.' }));
    expect(node.textContent).toContain('ada@login.hpc.example says:Maintenance on Monday.');
    click('OK', node);
    expect(answered).toHaveBeenCalledWith([], false);
  });
});

describe('an unknown host', () => {
  it('shows its key, and is accepted by nothing but the button', async () => {
    const node = await ask(hostKeyQuestion());
    expect(node.getAttribute('aria-label')).toBe('Sign in to hpc: is this the right host?');
    expect([...node.querySelectorAll('dd')].map(({ textContent }) => textContent)).toEqual([
      'ssh-ed25519',
      'SHA256:Zm9yIGEgdGVzdCBvbmx5IDEyMzQ1Njc4OTAxMjM0NTY',
      'login.hpc.example (10.1.2.3)'
    ]);
    expect(labels(node)).toEqual(['Cancel', 'Accept']);
    expect(document.activeElement).toBe(button('Cancel', node));
    await press('Enter');
    expect(answered.mock.calls).toEqual([[null, false]]);
    await ask(hostKeyQuestion());
    click('Accept', dialog.node);
    expect(answered).toHaveBeenLastCalledWith(['yes'], false);
  });
});

describe('other questions', () => {
  it('a passphrase names its key', async () => {
    const node = await ask(
      question({
        kind: 'passphrase',
        file: '/home/ada/.ssh/id',
        prompts: [{ text: '', echo: false }]
      })
    );
    expect(node.textContent).toContain(
      'A key for ada@login.hpc.example is locked: /home/ada/.ssh/id'
    );
    expect(field().labels?.[0]?.textContent).toBe('Passphrase');
  });

  it('a passphrase is kept where it may be, and only if the person wants it', async () => {
    const locked = question({ kind: 'passphrase', file: '/k', mayKeep: true });
    const keep = (): HTMLInputElement | null =>
      dialog.node.querySelector<HTMLInputElement>('input[type=checkbox]');
    await ask(locked);
    expect(keep()?.labels?.[0]?.textContent).toBe(
      'Keep the passphrase of this key until the service ends'
    );
    expect(keep()?.checked).toBe(false);
    type(field(), 'opens it');
    await press('Enter');
    expect(answered).toHaveBeenLastCalledWith(['opens it'], false);
    await ask(locked);
    act(() => keep()?.click());
    type(field(), 'opens it');
    click('Answer', dialog.node);
    expect(answered).toHaveBeenLastCalledWith(['opens it'], true);
    await ask(locked);
    act(() => keep()?.click());
    click('Cancel', dialog.node);
    expect(answered).toHaveBeenLastCalledWith(null, false);
    await ask(question({ ...locked, mayKeep: false }));
    expect(keep()).toBeNull();
  });

  it('what may be done is answered by yes or no', async () => {
    const asked = question({ kind: 'confirm', prompts: [], instruction: 'Allow use of key C?' });
    const node = await ask(asked);
    expect(labels(node)).toEqual(['No', 'Yes']);
    expect(document.activeElement).toBe(button('No', node));
    click('No', node);
    expect(answered).toHaveBeenLastCalledWith(null, false);
    await ask(asked);
    click('Yes', dialog.node);
    expect(answered).toHaveBeenLastCalledWith(['yes'], false);
  });

  it('what has to be touched has nothing to answer', async () => {
    const node = await ask(question({ kind: 'touch', prompts: [] }));
    expect(labels(node)).toEqual(['Cancel']);
    await act(async () => dialog.withdraw());
    expect(answered).not.toHaveBeenCalled();
    expect(node.isConnected).toBe(false);
  });
});

describe('a dialog that is withdrawn', () => {
  it('keeps nothing, answers nothing, and lets the next one of Lab show', async () => {
    await ask(question());
    const typed = field();
    type(typed, 'pw');
    const first = dialog;
    const second = new QuestionDialog({ question: question(), clock, trans: english, answered });
    const shown = second.launch();
    await act(async () => first.withdraw());
    expect(typed.value).toBe('');
    expect(answered).not.toHaveBeenCalled();
    await act(() => second.ready);
    expect(second.node.isConnected).toBe(true);
    await act(async () => second.withdraw());
    await shown;
    expect(answered).not.toHaveBeenCalled();
  });
});
