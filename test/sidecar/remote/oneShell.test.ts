import { spawn } from 'node:child_process';
import { PassThrough, Writable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { quote } from '../../../src/shell/quote';
import { Collected } from '../../../src/sidecar/remote/collected';
import type { Started } from '../../../src/sidecar/remote/conversation';
import { OneConnection } from '../../../src/sidecar/remote/oneConnection';
import { ONE_SHELL } from '../../../src/sidecar/remote/oneShell/driver';
import { OneShell } from '../../../src/sidecar/remote/oneShell/oneShell';
import { makeTemp } from '../../makeTemp';
import { sealed } from '../../sealed';
import { localAccountWith } from './openTemp';
import { remoteSuite } from './suite';
import { millions } from './millions';

/** A bash of this machine, and what counts how many there were. */
function startBash(environment: Record<string, string>): Started & { pid: number | undefined } {
  const child = spawn('bash', {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true
  });
  const { stderr, stdin, stdout } = child;
  const ended = new Promise<{ exitCode: number | null; signal: string | null }>(resolve => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal }));
  });
  const end = (): void => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      // It has ended.
    }
    [stdin, stdout, stderr].forEach(stream => stream.destroy());
  };
  return { stdin, stdout, stderr, ended, end, pid: child.pid };
}

remoteSuite('one bash for everything', {
  reach: async startUp => {
    const made: Started[] = [];
    const way = {
      where: 'near',
      connect: () => {
        const bash = startBash(localAccountWith(startUp));
        made.push(bash);
        return OneShell.begin(bash, 'near', 5000);
      }
    };
    const remote = new OneConnection(way);
    onTestFinished(() => made.forEach(bash => bash.end()));
    return { remote, cut: () => made.forEach(bash => bash.end()) };
  },
  variablesOf: 'account',
  signals: 'as status'
});

async function shellHere(): Promise<OneShell> {
  const bash = startBash(sealed(makeTemp()));
  onTestFinished(() => bash.end());
  return OneShell.begin(bash, 'near');
}

test('a command knows that others wait for it', async () => {
  const shell = await shellHere();
  const { stdout } = await shell.run({ script: `printf %s "$${ONE_SHELL}"`, timeoutSeconds: 20 });
  expect(stdout).toBe('1');
});

test('an account that is open to nothing but a new password is told as such', async () => {
  const said = 'WARNING: Your password has expired.';
  const bash = startBash(localAccountWith(`echo '${said}' >&2; exit 1`));
  onTestFinished(() => bash.end());
  await expect(OneShell.begin(bash, 'near')).rejects.toMatchObject({
    problem: { code: 'password-expired', details: { output: expect.stringContaining(said) } }
  });
});

test('what a command says on standard error comes with its end, up to a bound', async () => {
  const shell = await shellHere();
  const script = `printf 'a\\0b ☃' >&2; head -c 200000 /dev/zero | tr '\\0' e >&2; echo out; exit 3`;
  const { stderr, ...answer } = await shell.run({ script, timeoutSeconds: 20 });
  expect(answer).toEqual({ stdout: 'out\n', exitCode: 3, signal: null });
  expect(Buffer.byteLength(stderr)).toBe(100_000);
  expect(stderr).toMatch(/^a\0b ☃e+$/);
});

test('a command that hangs is ended in the shell, which goes on', async () => {
  const shell = await shellHere();
  const pids = makeTemp();
  const hang = `trap '' TERM INT HUP; echo $$ >${quote(pids)}/pid; sleep 600 | sleep 600`;
  await expect(shell.run({ script: hang, timeoutSeconds: 1 })).rejects.toMatchObject({
    problem: { code: 'cluster-unreachable', details: { output: 'no answer within 1 s' } }
  });
  const { stdout } = await shell.run({
    // Whoever collects it may be late.
    script: `until [[ "$(ps -o stat= -p "$(cat ${quote(pids)}/pid)")" =~ ^(Z.*)?$ ]]; do sleep 0.1; done; echo gone`,
    timeoutSeconds: 10
  });
  expect(stdout).toMatch(/gone\n$/);
});

test('an output that fails ends its command, and not the shell', async () => {
  const shell = await shellHere();
  const output = new Writable({
    write: (_chunk, _encoding, done) => done(new Error('no room'))
  });
  const failed = shell.run({ script: 'yes', output, timeoutSeconds: 20 });
  await expect(failed).rejects.toThrow('no room');
  const next = await shell.run({ script: 'echo next', timeoutSeconds: 20 });
  expect(next.stdout).toBe('next\n');
  expect(shell.isOpen).toBe(true);
});

test('commands come one after another, each with its own answer', async () => {
  const shell = await shellHere();
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      shell.run({ script: `echo ${index}; echo e${index} >&2; exit ${index}`, timeoutSeconds: 20 })
    )
  );
  expect(answers).toEqual(
    Array.from({ length: 8 }, (_, index) => ({
      stdout: `${index}\n`,
      stderr: `e${index}\n`,
      exitCode: index,
      signal: null
    }))
  );
});

test('50 MB go there and come back unchanged', async () => {
  const shell = await shellHere();
  const { areSame, input, output } = millions(50);
  await shell.run({ script: 'cat <&3', input, output, timeoutSeconds: 60 });
  expect(areSame()).toBe(true);
}, 60_000);

test('what a command has left behind says nothing in the answer of the next', async () => {
  const shell = await shellHere();
  const stop = new AbortController();
  const output = new Collected();
  const script =
    '(while :; do echo stray; echo stray >&2; sleep 0.05; done) & echo begun; sleep 60';
  const running = shell.run({ script, output, timeoutSeconds: 60, signal: stop.signal });
  running.catch(() => undefined);
  await expect.poll(() => output.bytes.toString()).toContain('begun');
  stop.abort();
  await expect(running).rejects.toMatchObject({ problem: { code: 'cluster-unreachable' } });
  const next = await shell.run({ script: 'sleep 0.3; echo next', timeoutSeconds: 20 });
  expect(next).toMatchObject({ stdout: 'next\n', stderr: '' });
});

test('a command that prints what ends answers ends none', async () => {
  const shell = await shellHere();
  const script = `printf '%s' '@@'; printf '@@%s 0\\n' 0123456789abcdef01; printf 'over\\neof\\n'; exit 3`;
  const { exitCode, stdout } = await shell.run({ script, timeoutSeconds: 20 });
  expect([stdout, exitCode]).toEqual(['@@@@0123456789abcdef01 0\nover\neof\n', 3]);
});

test('an input that goes on after the command has ended is over', async () => {
  const shell = await shellHere();
  const input = new PassThrough();
  input.write('some');
  expect(await shell.run({ script: 'exit 4', input, timeoutSeconds: 20 })).toMatchObject({
    exitCode: 4
  });
  expect(input.destroyed).toBe(true);
  expect(shell.isOpen).toBe(true);
});
