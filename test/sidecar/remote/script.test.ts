import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { BehindMark } from '../../../src/sidecar/remote/behindMark';
import { Collected } from '../../../src/sidecar/remote/collected';
import { local } from '../../../src/sidecar/remote/local';
import type { Remote } from '../../../src/sidecar/remote/remote';
import { type Script, runScript } from '../../../src/sidecar/remote/script';
import { makeTemp } from '../../makeTemp';

function run(script: Script, remote: Remote = local) {
  return runScript({ remote }, script);
}

/** Bash as it is behind a login script that prints. */
function noisy(noise: string): Remote {
  return {
    ...local,
    run: command => local.run({ ...command, script: `printf '%s' '${noise}'\n${command.script}` })
  };
}

test('the answer is what the statements print, with their status', async () => {
  expect(await run({ body: 'echo one\necho two; exit 3' })).toMatchObject({
    stdout: 'one\ntwo\n',
    exitCode: 3
  });
});

test.each(['Welcome to the cluster!\n', 'no line end', 'jupyterlab-submit 00\n\n\n', ''])(
  'what is printed before (%j) is cut off',
  async noise => {
    expect((await run({ body: 'printf "%s" "$((6 * 7))"' }, noisy(noise))).stdout).toBe('42');
    const output = new Collected();
    await run({ body: "printf '\\0\\377\\n42'", output }, noisy(noise.repeat(10_000)));
    expect(output.bytes).toEqual(Buffer.from([0, 255, 10, 52, 50]));
  }
);

test('a script that was not run is told, with what came instead', async () => {
  const silent: Remote = {
    ...local,
    run: command => local.run({ ...command, script: 'echo This account is locked; exit 0\n' })
  };
  const refusal = {
    problem: {
      code: 'start-up-files',
      values: { host: local.where },
      details: { where: local.where, output: expect.stringContaining('This account is locked') }
    }
  };
  await expect(run({ body: 'echo 1' }, silent)).rejects.toMatchObject(refusal);
  await expect(run({ body: 'echo 1', output: new Collected() }, silent)).rejects.toMatchObject({
    problem: { code: 'start-up-files' }
  });
});

test('programs of a script do not read the start-up files of the account again', async () => {
  const home = makeTemp();
  writeFileSync(path.join(home, '.bashrc'), 'exec echo replaced\n');
  const variables = { HOME: home, SHLVL: '1', SSH_CLIENT: '127.0.0.1 50000 22' };
  const shell = { remote: local, variables };
  expect((await runScript(shell, { body: "(bash -c 'echo run')" })).stdout).toBe('run\n');
});

test('standard input of the statements is empty, whatever comes behind the script', async () => {
  const input = Readable.from([Buffer.from('bytes')]);
  expect((await run({ body: 'cat; echo "[$(cat <&3)]"', input })).stdout).toBe('[bytes]\n');
});

test.each([
  ['that never reads', 'exit 1'],
  ['that reads a part', 'head -c 10 <&3 >/dev/null; exit 1'],
  ['that fails in the middle', 'tar -xf - <&3; exit 2'],
  ['that kills itself', 'kill -KILL $BASHPID'],
  ['that is no statement', 'if then; fi )'],
  ['that leaves its own shell', 'exec false']
])('bytes behind a script %s never run as commands', async (_, body) => {
  const mark = path.join(makeTemp(), 'mark');
  const bytes = `\ntouch '${mark}'\n`.repeat(20_000);
  await run({ body, input: Readable.from([Buffer.from(bytes)]) }).catch(() => undefined);
  expect(existsSync(mark)).toBe(false);
});

test('bytes reach the statements unchanged, and come back unchanged', async () => {
  const file = path.join(makeTemp(), 'file');
  const bytes = Buffer.from(Array.from({ length: 1_000_003 }, (_, index) => (index * 7) % 256));
  writeFileSync(file, bytes);
  const output = new Collected();
  const { exitCode } = await run({
    body: `cmp - '${file}' <&3 && cat '${file}'`,
    input: Readable.from([bytes.subarray(0, 500_000), bytes.subarray(500_000)]),
    output
  });
  expect(exitCode).toBe(0);
  expect(output.bytes.equals(bytes)).toBe(true);
});

/** Bash that never comes to the script, as a start-up file prints without end, on one descriptor or the other. */
function endless(descriptor: 1 | 2): Remote {
  return {
    ...local,
    run: command => local.run({ ...command, script: `yes "$(seq 100)" >&${descriptor}\n` })
  };
}

test.each([
  ['as text', undefined],
  ['as bytes', new Collected()]
])(
  'what prints without end before anything is run is given up, its answer wanted %s',
  async (_, output) => {
    const script = { body: 'echo 1', timeoutSeconds: 100, ...(output && { output }) };
    await expect(run(script, endless(1))).rejects.toMatchObject({
      problem: {
        code: 'start-up-files',
        details: { output: expect.stringMatching(/^more than 1000000 bytes came .*\n99\n100\n/s) }
      }
    });
    expect(output?.bytes ?? Buffer.alloc(0)).toHaveLength(0);
  }
);

test('what complains without end is given up', async () => {
  await expect(run({ body: 'echo 1', timeoutSeconds: 100 }, endless(2))).rejects.toMatchObject({
    problem: { code: 'answer-unreadable' }
  });
});

test('an answer without end is given up, and one of bytes at the length that fits', async () => {
  const body = 'yes';
  for (const script of [{ body }, { body, output: new Collected(1000) }]) {
    await expect(run({ ...script, timeoutSeconds: 100 })).rejects.toMatchObject({
      problem: {
        code: 'answer-unreadable',
        details: { output: expect.stringMatching(/^more than/) }
      }
    });
  }
});

test('a mark is found wherever it is cut, and bytes before it cost as much as they are many', () => {
  const mark = '\nthe mark\n';
  for (const cut of Array.from({ length: mark.length + 1 }, (_, index) => index)) {
    const behind = new BehindMark(mark, 'here');
    behind.write(`${'x'.repeat(3000)}${mark.slice(0, cut)}`);
    behind.write(`${mark.slice(cut)}answer`);
    expect([behind.found, String(behind.read())]).toEqual([true, 'answer']);
  }
  const behind = new BehindMark(mark, 'here');
  for (let index = 0; index < 100_000; index += 1) {
    behind.write('x');
  }
  behind.write(`${mark}answer`);
  expect(String(behind.read())).toBe('answer');
});
