import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { quote } from '../../../src/shell/quote';
import { Collected } from '../../../src/sidecar/remote/collected';
import type { Remote, RemoteAnswer, RemoteCommand } from '../../../src/sidecar/remote/remote';
import { runScript } from '../../../src/sidecar/remote/script';
import { AWKWARD_NAMES } from '../../awkward';
import { makeOpenTemp } from './openTemp';

/** A remote for one test. */
export interface Reach {
  remote: Remote;
  /** Cuts what lies between us and the host, once; what comes after gets there again. */
  cut: () => void;
}

/** What a test of the shared suite must be told of a way to run commands. */
export interface RemoteFacts {
  /** @param startUp Lines that the account's ~/.bashrc has, as bash reads it when sshd has started it. */
  reach: (startUp: string) => Promise<Reach>;
  /** Whose variables commands have: the caller's, which come along, or those of the account. */
  variablesOf: 'caller' | 'account';
  /** How it tells a signal that has ended a command, where that is not by its name: OpenSSH and a shell have other words. */
  signals?: 'untold' | 'as status';
  /** Why nothing between us and the host can be cut; tests of that are left out then. */
  withoutLink?: string;
}

type More = Partial<RemoteCommand>;

/** Bytes of every value, so many. */
function everyByte(length: number): Buffer {
  return Buffer.from(Array.from({ length }, (_, index) => (index * 7) % 256));
}

/** Scripts, and all of their answers. */
const ANSWERS: Record<string, [script: string, answer: Partial<RemoteAnswer>]> = {
  'has both outputs and the exit code': [
    'echo out; echo err >&2; exit 7',
    { stdout: 'out\n', stderr: 'err\n', exitCode: 7 }
  ],
  'is empty where nothing is printed': ['true', {}],
  'has the largest exit code, which ssh itself uses': ['exit 255', { exitCode: 255 }],
  'tells a signal that has ended it': ['kill -KILL $$', { exitCode: null, signal: 'SIGKILL' }],
  'has what was printed before a signal': [
    'echo begun; kill -TERM $$',
    { stdout: 'begun\n', exitCode: null, signal: 'SIGTERM' }
  ],
  'may end without a line end': ['printf "%s" "$((6 * 7))"', { stdout: '42' }],
  'has each control character': [
    "printf '\\0\\1\\r\\n\\t\\033['",
    { stdout: '\0\u0001\r\n\t\u001B[' }
  ],
  'has letters of all languages': ["printf '%s' 'größe ☃ 日本 😀'", { stdout: 'größe ☃ 日本 😀' }],
  'has a mark for what is no text': ["printf 'a\\377\\376b'", { stdout: 'a\uFFFD\uFFFDb' }],
  'is whole where it is long': ['printf "%300000s" end', { stdout: 'end'.padStart(300_000) }],
  'is that of all lines of a script': [
    'if true; then\n  echo one\r\nfi\ncat <<"END"\n  \'"$two"\' \\n\nEND\n',
    { stdout: 'one\r\n  \'"$two"\' \\n\n' }
  ],
  'is that of a script that is longer than a pipe holds': [
    `echo begun\n${'# more than a pipe holds\n'.repeat(4000)}exit 4`,
    { stdout: 'begun\n', exitCode: 4 }
  ],
  'has names of any kind unchanged': [
    `printf '%s\\n' ${AWKWARD_NAMES.map(quote).join(' ')}`,
    { stdout: `${AWKWARD_NAMES.join('\n')}\n` }
  ],
  'comes from an empty standard input': ['cat; echo end', { stdout: 'end\n' }],
  'comes without bytes behind the script, too': ['cat <&3; echo end', { stdout: 'end\n' }]
};

/** What is sent behind a script. */
const BYTES: Record<string, (mark: string) => Buffer[]> = {
  'no bytes': () => [],
  'one byte': () => [Buffer.from([0])],
  'bytes of every value': () => [everyByte(300_000)],
  'bytes in pieces': () => Array<Buffer>(30).fill(everyByte(10_007)),
  'hundreds of small pieces': () => Array.from({ length: 700 }, (_, index) => everyByte(index % 5)),
  commands: mark => [Buffer.from(`\ntouch '${mark}'\n`.repeat(20_000))],
  'line ends alone': () => [Buffer.from('\n'.repeat(1000))],
  'the lines that guard a script': () => [Buffer.from('exit 97\n'.repeat(100))]
};

/** Scripts that leave bytes behind them unread. */
const UNREAD: Record<string, string> = {
  'never reads': 'exit 1',
  'reads a part': 'head -c 10 <&3 >/dev/null; exit 1',
  'fails in the middle': 'tar -xf - <&3; exit 2',
  'kills itself': 'kill -KILL $$',
  'is no statement': 'if then; fi )'
};

/** Why a command is given up, and what its problem says. */
const GIVEN_UP: Record<string, [more: () => More, output: string]> = {
  'takes too long': [() => ({ timeoutSeconds: 0.3 }), 'no answer within 0.3 s'],
  'is not wanted any more': [() => ({ signal: AbortSignal.timeout(200) }), 'not wanted any more'],
  'was not wanted from the beginning': [
    () => ({ signal: AbortSignal.abort() }),
    'not wanted any more'
  ],
  'is given up for a reason': [
    () => ({ signal: AbortSignal.abort(new Error('nothing was transferred for 3 s')) }),
    'nothing was transferred for 3 s'
  ]
};

/** Lines of ~/.bashrc that change nothing. */
const HARMLESS = {
  prints: 'echo Welcome to the cluster!',
  'prints without a line end': 'printf "%s" welcome',
  'prints much, on both outputs': 'seq 50000; seq 500 >&2',
  'prints what looks like the end of something': "printf '\\n@@\\njupyterlab-submit 00\\n\\n'",
  'asks, and goes on without an answer': "read -p 'Project? ' P",
  'leads to another bash': 'exec bash --norc',
  fails: 'no-such-command'
};

/** Lines of ~/.bashrc with which nothing can be run, and what that is called. */
const HARMFUL: Record<string, [startUp: string, code: string]> = {
  ends: ['echo bye; exit 0', 'start-up-files'],
  'puts another shell in the place of bash': ['exec sh', 'shell-replaced'],
  'reads more than a few lines': ['for i in {1..18}; do read P; done', 'input-taken'],
  'reads everything': ['cat >/dev/null', 'start-up-files'],
  'prints without end': ['yes', 'start-up-files']
};

/** What commands do while a link is cut. */
const CUT: Record<string, string> = {
  'says nothing': 'sleep 20',
  // Slower than `yes`, which has said more than is kept before anybody looks.
  prints: 'while :; do echo more; done',
  reads: 'cat <&3 >/dev/null'
};

/** How a signal is told. */
function signalAs(signal: string | null, { signals }: RemoteFacts): Partial<RemoteAnswer> {
  if (signal === null || signals === undefined) {
    return {};
  }
  const number = signal === 'SIGKILL' ? 9 : 15;
  return signals === 'untold' ? { signal: 'unknown' } : { signal: null, exitCode: 128 + number };
}

/** What every remote must do, whatever way it takes. */
export function remoteSuite(title: string, facts: RemoteFacts): void {
  const reach = async (startUp = ''): Promise<Remote> => (await facts.reach(startUp)).remote;
  const run = async (script: string, more: More = {}): Promise<RemoteAnswer> =>
    (await reach()).run({ script, timeoutSeconds: 20, ...more });

  describe(`to run commands on ${title}:`, () => {
    test.each(Object.entries(ANSWERS))('an answer %s', async (_, [script, answer]) => {
      expect(await run(script)).toEqual({
        stdout: '',
        stderr: '',
        exitCode: 0,
        signal: null,
        ...answer,
        ...signalAs(answer.signal ?? null, facts)
      });
    });

    test.each(Object.entries(BYTES))('%s behind a script come back unchanged', async (_, make) => {
      const mark = path.join(makeOpenTemp(), 'mark');
      const sent = make(mark);
      const output = new Collected();
      const answer = await run('cat <&3; exit 5', { input: Readable.from(sent), output });
      expect(answer).toEqual({ stdout: '', stderr: '', exitCode: 5, signal: null });
      expect(output.bytes.equals(Buffer.concat(sent))).toBe(true);
      expect(existsSync(mark)).toBe(false);
    });

    test.each(Object.entries(UNREAD))(
      'bytes behind a script that %s never run as commands',
      async (_, script) => {
        const mark = path.join(makeOpenTemp(), 'mark');
        const bytes = Buffer.from(`\ntouch '${mark}'\n`.repeat(20_000));
        const { exitCode } = await run(script, { input: Readable.from([bytes]) });
        expect(exitCode).not.toBe(0);
        expect(existsSync(mark)).toBe(false);
      }
    );

    test('bytes there and back are not kept until all have come', async () => {
      const input = new PassThrough();
      const output = new Collected();
      const answer = run('while read -r line <&3; do echo "heard $line"; done', { input, output });
      let heard = '';
      for (const line of ['one', 'two', 'three']) {
        input.write(`${line}\n`);
        heard += `heard ${line}\n`;
        await expect.poll(() => output.bytes.toString(), { timeout: 8000 }).toBe(heard);
      }
      input.end();
      expect(await answer).toMatchObject({ exitCode: 0 });
    });

    test('a command that ends before it has read everything is an answer', async () => {
      const endless = new Readable({
        read() {
          this.push(Buffer.alloc(100_000));
        }
      });
      expect(await run('echo enough; exit 3', { input: endless })).toMatchObject({
        stdout: 'enough\n',
        exitCode: 3
      });
      expect(endless.destroyed).toBe(true);
      const waiting = new PassThrough();
      expect(await run('exit 4', { input: waiting })).toMatchObject({ exitCode: 4 });
      expect(waiting.destroyed).toBe(true);
    });

    test('an input that fails ends the command, and is what went wrong', async () => {
      const input = Readable.from(
        (async function* () {
          yield Buffer.from('some');
          throw new Error('the file is gone');
        })()
      );
      await expect(run('cat <&3; sleep 60', { input })).rejects.toThrow('the file is gone');
    });

    test('an output that fails ends the command, and is what went wrong', async () => {
      const remote = await reach();
      const output = new Writable({ write: (_chunk, _, done) => done(new Error('disk full')) });
      const command = { script: 'yes', timeoutSeconds: 60, output };
      await expect(remote.run(command)).rejects.toThrow('disk full');
      expect(await remote.run({ script: 'echo next', timeoutSeconds: 20 })).toMatchObject({
        stdout: 'next\n'
      });
    });

    test('an answer that is longer than any answer is refused, not cut', async () => {
      await expect(run('head -c 21000000 /dev/zero')).rejects.toMatchObject({
        problem: { code: 'answer-unreadable' }
      });
      const output = new PassThrough().resume();
      expect(await run('head -c 21000000 /dev/zero', { output })).toMatchObject({ exitCode: 0 });
    });

    test('errors without end are cut, and do no harm', async () => {
      const { stderr, exitCode } = await run('head -c 5000000 /dev/zero | tr "\\0" e >&2');
      expect(exitCode).toBe(0);
      expect(stderr).toBe('e'.repeat(100_000));
    });

    test.each(Object.entries(GIVEN_UP))(
      'a command that %s is unheard, and the next one is heard',
      async (_, [more, output]) => {
        const remote = await reach();
        const command = { script: 'sleep 20', timeoutSeconds: 20, input: new PassThrough() };
        await expect(remote.run({ ...command, ...more() })).rejects.toMatchObject({
          problem: { code: 'cluster-unreachable', details: { output } }
        });
        expect(command.input.destroyed).toBe(true);
        expect(await remote.run({ script: 'echo next', timeoutSeconds: 20 })).toMatchObject({
          stdout: 'next\n'
        });
      }
    );

    test.each(Object.entries(HARMLESS))(
      'an account whose start-up file %s changes no answer',
      async (_, startUp) => {
        const bytes = everyByte(300_000);
        const answer = await runScript(
          { remote: await reach(startUp) },
          { body: 'cksum <&3; exit 3', input: Readable.from([bytes]) }
        );
        const stdout = execFileSync('cksum', { input: bytes, encoding: 'utf8' });
        expect(answer).toMatchObject({ stdout, exitCode: 3 });
      }
    );

    test.each(Object.entries(HARMFUL))(
      'an account whose start-up file %s is told from an answer',
      async (_, [startUp, code]) => {
        const mark = path.join(makeOpenTemp(), 'mark');
        const bytes = Buffer.from(`touch '${mark}'\n`.repeat(20_000));
        const remote = await reach(startUp);
        await expect(
          runScript({ remote }, { body: 'echo never', input: Readable.from([bytes]) })
        ).rejects.toMatchObject({
          problem: { code, values: { host: remote.where } }
        });
        expect(existsSync(mark)).toBe(false);
      }
    );

    test(`variables of a caller are ${facts.variablesOf === 'caller' ? 'all that a command has' : "not the account's"}`, async () => {
      const remote = await reach();
      const script = 'echo "$THEIRS|${HOME-}"';
      const environment = { PATH: process.env['PATH'] ?? '', THEIRS: "it's $HOME" };
      const { stdout } = await remote.run({ script, timeoutSeconds: 20, environment });
      const account = await remote.run({ script, timeoutSeconds: 20 });
      expect(account.stdout).toMatch(/^\|\/.+\n$/);
      expect(stdout).toBe(facts.variablesOf === 'caller' ? "it's $HOME|\n" : account.stdout);
    });

    test('variables of a shell have any value', async () => {
      const variables = Object.fromEntries(
        AWKWARD_NAMES.map((value, index) => [`VALUE_${index}`, value])
      );
      const body = `printf '%s\\n' ${Object.keys(variables)
        .map(name => `"$${name}"`)
        .join(' ')}`;
      const { stdout } = await runScript({ remote: await reach(), variables }, { body });
      expect(stdout).toBe(`${AWKWARD_NAMES.join('\n')}\n`);
    });

    test.each(facts.withoutLink === undefined ? Object.entries(CUT) : [])(
      'a link that is cut while a command %s makes it unheard, and the next one connects',
      async (_, script) => {
        const { remote, cut } = await facts.reach('');
        const output = new Collected();
        const input = new PassThrough();
        input.write('some');
        const command = { script: `echo begun; ${script}`, timeoutSeconds: 20, input };
        const asked = remote.run({ ...command, output }).then(
          () => null,
          (error: unknown) => error
        );
        await expect.poll(() => output.bytes.length, { timeout: 8000 }).toBeGreaterThan(0);
        cut();
        expect(await asked).toMatchObject({ problem: { code: 'cluster-unreachable' } });
        const next = { script: 'echo next', timeoutSeconds: 20 };
        expect(await remote.run(next)).toMatchObject({ stdout: 'next\n' });
      }
    );
  });
}
