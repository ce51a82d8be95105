import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { type Kept, keep } from '../../../../src/sidecar/remote/openssh/keeper';
import { makeTemp } from '../../../makeTemp';

/** Keeps a program that says its process, beside a folder. */
async function kept(script: string): Promise<{ kept: Kept; folder: string; pid: number }> {
  const folder = path.join(makeTemp(), "it's mine");
  mkdirSync(folder);
  const made = keep(folder, ['sh', '-c', `echo "$$" >&2; ${script}`], process.env);
  const pid = await new Promise<number>(resolve => {
    made.stderr.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())));
  });
  made.stderr.resume();
  return { kept: made, folder, pid };
}

test('a program that is kept ends when nobody holds it any more, and its folder goes', async () => {
  const { kept: made, folder, pid } = await kept('exec sleep 60');
  made.end();
  await made.ended;
  expect(existsSync(folder)).toBe(false);
  expect(existsSync(`/proc/${pid}/comm`)).toBe(false);
});

test('a program that ends takes what keeps it along', async () => {
  const { kept: made, folder } = await kept('sleep 0.1');
  await made.ended;
  expect(existsSync(folder)).toBe(false);
  const left = execFileSync('ps', ['axww', '-o', 'args='], { encoding: 'utf8' });
  expect(left).not.toContain(folder);
});

test('what is said to a program that is kept, and what it says, is its own alone', async () => {
  const { kept: made, folder } = await kept('cat; exit 7');
  made.stdin.end('said');
  const heard = await text(made.stdout);
  expect([heard, await made.ended]).toEqual(['said', { exitCode: 7, signal: null }]);
  expect(existsSync(folder)).toBe(false);
});

test('a program that does not listen can be ended with all that it has started', async () => {
  const { kept: made, pid } = await kept("trap '' TERM; while :; do sleep 1; done");
  made.kill();
  await made.ended;
  // Whoever collects it may be late.
  const state = (): string =>
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  await expect.poll(state, { timeout: 5000 }).toMatch(/^(Z.*\n)?$/);
});
