import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Question, patiently } from '../../../src/sidecar/files/patience';

let folders = 0;

/** A folder that no other test asks about. */
function newFolder(): string {
  folders += 1;
  return `/dead/${folders}`;
}

/** A call that hangs in the kernel until it is released, as on a network share whose server is gone. */
function hang(): { ask: () => Promise<string>; release: () => void; calls: () => number } {
  let calls = 0;
  const releases: (() => void)[] = [];
  return {
    ask: () =>
      new Promise(resolve => {
        calls += 1;
        releases.push(() => resolve('late'));
      }),
    release: () => releases.splice(0).forEach(go => go()),
    calls: () => calls
  };
}

function about(folder: string, name = 'file'): Omit<Question<string>, 'ask'> {
  return { folder, use: 'read', file: `${folder}/${name}`, seconds: 0.02 };
}

const alive = (): Promise<string> => Promise.resolve('alive');

test('an answer, or an error, is what the disk gives', async () => {
  const folder = newFolder();
  expect(await patiently({ ...about(folder), ask: alive })).toBe('alive');
  const error = new Error('EIO');
  await expect(patiently({ ...about(folder), ask: () => Promise.reject(error) })).rejects.toBe(
    error
  );
});

test('what does not answer is named, and not asked again before it has', async () => {
  const folder = newFolder();
  const dead = hang();
  const late: unknown[] = [];
  const question = { ...about(folder), ask: dead.ask, late: (value: unknown) => late.push(value) };
  const silent = {
    problem: { code: 'disk-silent', values: { path: `${folder}/file`, seconds: 0.02 } }
  };
  await expect(patiently(question)).rejects.toMatchObject(silent);
  await expect(patiently(question)).rejects.toMatchObject(silent);
  expect(dead.calls()).toBe(1);
  // The rest of the folder is asked as before.
  expect(await patiently({ ...about(folder, 'other'), ask: alive })).toBe('alive');
  dead.release();
  await sleep(0);
  expect(late).toEqual(['late']);
  expect(await patiently({ ...about(folder), ask: alive })).toBe('alive');
});

test('a folder that is silent takes a few threads, and those who wait for more are told at once', async () => {
  const folder = newFolder();
  const dead = hang();
  const asked = Array.from({ length: 20 }, (_, index) =>
    patiently({ ...about(folder, `${index}`), ask: dead.ask })
  );
  for (const { status } of await Promise.allSettled(asked)) {
    expect(status).toBe('rejected');
  }
  expect(dead.calls()).toBe(4);
  await expect(patiently({ ...about(folder, 'more'), ask: alive })).rejects.toMatchObject({
    problem: { code: 'disk-silent' }
  });
  dead.release();
  await sleep(0);
  expect(await patiently({ ...about(folder, 'more'), ask: alive })).toBe('alive');
});

test('those who wait behind answers that come have all the time that they need', async () => {
  const folder = newFolder();
  const slow = (): Promise<string> => sleep(10, 'slow');
  const asked = Array.from({ length: 40 }, (_, index) =>
    patiently({ ...about(folder, `${index}`), ask: slow, seconds: 5 })
  );
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['slow']));
});

test('many silent folders leave threads to another use', async () => {
  const dead = hang();
  const asked = Array.from({ length: 30 }, () => newFolder()).flatMap(folder =>
    ['a', 'b', 'c'].map(name => patiently({ ...about(folder, name), ask: dead.ask }))
  );
  await Promise.allSettled(asked);
  expect(dead.calls()).toBe(48);
  await expect(patiently({ ...about(newFolder()), ask: alive })).rejects.toMatchObject({
    problem: { code: 'disk-silent' }
  });
  for (const use of ['send', 'place'] as const) {
    expect(await patiently({ ...about(newFolder()), use, ask: alive })).toBe('alive');
  }
  dead.release();
  await sleep(0);
  expect(await patiently({ ...about(newFolder()), ask: alive })).toBe('alive');
});
