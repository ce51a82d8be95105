import { expect, test, vi } from 'vitest';
import type { Round } from '../../../src/api/question';
import { asProblem } from '../../../src/sidecar/process/asProblem';
import { Questions } from '../../../src/sidecar/remote/questions';

function round(change: Partial<Round> = {}): Round {
  return {
    kind: 'prompts',
    asker: 'ada@hpc',
    name: '',
    instruction: '',
    prompts: [{ text: 'Code: ', echo: false }],
    key: null,
    file: null,
    isRepeated: false,
    mayKeep: false,
    expires: Date.now() + 60_000,
    ...change
  };
}

const never = new AbortController().signal;

function only(questions: Questions): string {
  const [one, ...others] = questions.list();
  expect(others).toEqual([]);
  return one?.id ?? '';
}

test('a question is answered once, and is gone before its answer is known', async () => {
  const questions = new Questions();
  const lists: number[] = [];
  questions.listen(() => lists.push(questions.list().length));
  const asked = questions.askerFor('hpc').ask(round(), never);
  const id = only(questions);
  questions.answer(id, ['']);
  expect(questions.list()).toEqual([]);
  expect(await asked).toEqual(['']);
  expect(lists).toEqual([1, 0]);
  expect(() => questions.answer(id, ['1'])).toThrow('question-over');
});

test.each<[string, Partial<Round>, readonly string[]]>([
  ['an answer too few', {}, []],
  ['an answer too many', {}, ['1', '2']],
  ['another word than yes', { kind: 'host-key', prompts: [] }, ['no']],
  ['no word for yes', { kind: 'confirm', prompts: [] }, []]
])('%s is refused, and the question stays', (_, change, answers) => {
  const questions = new Questions();
  void questions.askerFor('hpc').ask(round(change), never);
  const id = only(questions);
  expect(() => questions.answer(id, answers)).toThrow('invalid-request');
  expect(only(questions)).toBe(id);
});

test('a person may want no more of it', async () => {
  const questions = new Questions();
  const asked = questions.askerFor('hpc').ask(round(), never);
  questions.answer(only(questions), null);
  await expect(asked).rejects.toMatchObject({
    problem: { code: 'sign-in-cancelled', values: { host: 'hpc' } }
  });
});

test('nobody waits longer than the host does', async () => {
  vi.useFakeTimers();
  try {
    const questions = new Questions();
    const asked = questions.askerFor('hpc').ask(round({ expires: Date.now() + 30_000 }), never);
    const failed = asked.catch(asProblem);
    vi.advanceTimersByTime(29_999);
    expect(questions.list()).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(questions.list()).toEqual([]);
    expect(await failed).toMatchObject({ code: 'sign-in-expired' });
  } finally {
    vi.useRealTimers();
  }
});

test('a login that is over takes its question back, and asks none after that', async () => {
  const questions = new Questions();
  const over = new AbortController();
  const asked = questions.askerFor('hpc').ask(round(), over.signal);
  over.abort(new Error('hung up'));
  await expect(asked).rejects.toThrow('hung up');
  expect(questions.list()).toEqual([]);
  await expect(questions.askerFor('hpc').ask(round(), over.signal)).rejects.toThrow('hung up');
});

test.each([
  ['where it may be, as the person wants', { kind: 'passphrase' as const, mayKeep: true }, true, 1],
  ['not unless the person wants it', { kind: 'passphrase' as const, mayKeep: true }, false, 0],
  ['never where it is no passphrase of a key', { mayKeep: false }, true, 0]
])('what is typed is kept %s', async (_, change, keeps, times) => {
  const questions = new Questions();
  const kept = vi.fn<() => void>();
  const asked = questions.askerFor('hpc').ask(round(change), never, kept);
  questions.answer(only(questions), ['typed'], keeps);
  expect(await asked).toEqual(['typed']);
  expect(kept).toHaveBeenCalledTimes(times);
});
