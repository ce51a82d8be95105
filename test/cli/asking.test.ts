import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Problem, problem } from '../../src/api/problem';
import type { Question } from '../../src/api/question';
import { type Running, run, start } from './command';
import { CLUSTER_CHECK, type FakeSidecar, fakeSidecar } from './fakeSidecar';

const QUESTION: Question = {
  id: '0a0a0a0a-1b1b-4c4c-8d8d-2e2e2e2e2e2e',
  host: 'hpc',
  kind: 'prompts',
  asker: 'ada@login1',
  name: '',
  instruction: 'Two factors for ada',
  prompts: [{ text: 'Token: ', echo: false }],
  key: null,
  file: null,
  isRepeated: false,
  mayKeep: false,
  expires: Date.now() + 100_000
};

const open: FakeSidecar[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(sidecar => sidecar.close()));
});

/** A service whose check of a cluster waits until the login's questions are over. */
async function askingSidecar(questions: readonly Question[]): Promise<FakeSidecar> {
  let cancelled: Problem | null = null;
  let left = questions.length;
  const sidecar = await fakeSidecar({
    reply: async ({ body, path }, self) => {
      if (path.startsWith('/api/questions/')) {
        left -= 1;
        const { answers } = body as { answers: string[] | null };
        cancelled = answers === null ? problem('sign-in-cancelled', { host: 'hpc' }).problem : null;
        self.ask(left > 0 && cancelled === null ? [questions.at(-left) ?? QUESTION] : []);
        return { json: {} };
      }
      if (path !== '/api/clusters/check') {
        return undefined;
      }
      if ((body as { asks?: boolean }).asks !== true) {
        const values = { host: 'hpc', user: 'ada' };
        const reachable = {
          what: 'reachable',
          values: {},
          problem: problem('login-asks', values).problem
        };
        return { json: { ...CLUSTER_CHECK, parts: [reachable] } };
      }
      await vi.waitUntil(() => self.streams() > 0);
      self.ask(questions.slice(0, 1));
      await vi.waitUntil(() => left === 0 || cancelled !== null, { timeout: 10_000 });
      return cancelled === null ? { json: CLUSTER_CHECK } : { problem: cancelled };
    }
  });
  open.push(sidecar);
  return sidecar;
}

function check(sidecar: FakeSidecar, ...flags: string[]): Promise<Running> {
  return start(['check', 'hpc', ...flags], {
    ...sidecar,
    inTerminal: true,
    env: { TERM: 'xterm-256color' }
  });
}

/** What was answered, one list a question. */
function answersIn({ calls }: FakeSidecar): unknown[] {
  return calls.filter(({ path }) => path.startsWith('/api/questions/')).map(({ body }) => body);
}

describe('a terminal', () => {
  it('is asked what a host asks, and shows nothing of what may not be seen', async () => {
    const menu = {
      ...QUESTION,
      id: '1a0a0a0a-1b1b-4c4c-8d8d-2e2e2e2e2e2e',
      prompts: [{ text: 'Option (1-3): ', echo: true }]
    };
    const sidecar = await askingSidecar([QUESTION, menu]);
    const command = await check(sidecar);
    await command.says('Token: ');
    command.process.stdin.write('s3cret\n');
    await command.says('Option (1-3): ');
    command.process.stdin.write('2\n');
    const { exitCode, stdout } = await command.ended;
    expect(exitCode).toBe(0);
    expect(answersIn(sidecar)).toEqual([{ answers: ['s3cret'] }, { answers: ['2'] }]);
    expect(stdout).toContain('Two factors for ada');
    expect(stdout).not.toContain('s3cret');
    expect(stdout).toMatch(/Option \(1-3\): .*2\r+\n/);
  });

  it('is asked whether a host is the right one, and takes no other word than yes and no', async () => {
    const key = { type: 'ssh-ed25519', fingerprint: 'SHA256:abc', address: 'login1' };
    const sidecar = await askingSidecar([{ ...QUESTION, kind: 'host-key', prompts: [], key }]);
    const command = await check(sidecar);
    await command.says('SHA256:abc');
    await command.says('(yes/no)');
    command.process.stdin.write('y\n');
    await sleep(300);
    expect(answersIn(sidecar)).toEqual([]);
    command.process.stdin.write('yes\n');
    expect((await command.ended).exitCode).toBe(0);
    expect(answersIn(sidecar)).toEqual([{ answers: ['yes'] }]);
  });

  it.each([
    [[], [{ answers: ['a'] }, { answers: ['b'] }]],
    [['--keep-passphrase'], [{ answers: ['a'] }, { answers: ['b'], keeps: true }]]
  ])('has passphrases kept, and nothing else, where that is said: %j', async (flags, answers) => {
    const key = {
      ...QUESTION,
      id: '1a0a0a0a-1b1b-4c4c-8d8d-2e2e2e2e2e2e',
      kind: 'passphrase' as const,
      file: '/k',
      prompts: [{ text: '', echo: false }],
      mayKeep: true
    };
    const sidecar = await askingSidecar([QUESTION, key]);
    const command = await check(sidecar, ...flags);
    await command.says('Token: ');
    command.process.stdin.write('a\n');
    await command.says('Passphrase of /k: ');
    command.process.stdin.write('b\n');
    expect((await command.ended).exitCode).toBe(0);
    expect(answersIn(sidecar)).toEqual(answers);
  });

  it('is told what a host says without asking, and the login goes on', async () => {
    const told = { ...QUESTION, instruction: 'A push was sent.', prompts: [] };
    const sidecar = await askingSidecar([told]);
    const { exitCode, stdout } = await (await check(sidecar)).ended;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/ada@login1 says:\s+A push was sent\./);
    expect(answersIn(sidecar)).toEqual([{ answers: [] }]);
  });

  it('goes on when the question was answered elsewhere', async () => {
    const sidecar = await askingSidecar([QUESTION]);
    const command = await check(sidecar);
    await command.says('Token: ');
    await fetchAnswer(sidecar);
    expect((await command.ended).exitCode).toBe(0);
  });

  it('ends the login with Ctrl-C', async () => {
    const sidecar = await askingSidecar([QUESTION]);
    const command = await check(sidecar);
    await command.says('Token: ');
    command.process.stdin.write('\u0003');
    const { exitCode, stdout } = await command.ended;
    expect(answersIn(sidecar)).toEqual([{ answers: null }]);
    expect(stdout).toContain('was cancelled');
    expect(exitCode).not.toBe(0);
  });
});

it.each([[[]], [['--json']]])(
  'nobody is asked without a terminal, or by a program (%j)',
  async flags => {
    const sidecar = await askingSidecar([QUESTION]);
    const { exitCode, stdout } = await run(['check', 'hpc', ...flags], sidecar);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/login-asks|Sign in/);
    expect(sidecar.streams()).toBe(0);
  }
);

async function fetchAnswer({ socket }: FakeSidecar): Promise<void> {
  const { request } = await import('node:http');
  await new Promise<void>((resolve, reject) => {
    const path = `/api/questions/${QUESTION.id}`;
    const call = request({ socketPath: socket, path, method: 'POST' }, response => {
      response.resume().once('end', () => resolve());
    });
    call.once('error', reject).end(JSON.stringify({ answers: ['elsewhere'] }));
  });
}
