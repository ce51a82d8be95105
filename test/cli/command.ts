import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { makeTemp } from '../makeTemp';

let built: Promise<string> | undefined;

/** The command line as one program, made of the source as it is now; once for each file of tests. */
function bundle(): Promise<string> {
  built ??= (async () => {
    const outfile = path.join(makeTemp(), 'cli.cjs');
    await build({
      entryPoints: ['src/cli/main.ts'],
      outfile,
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'cjs',
      define: { __VERSION__: '"1.2.3"' },
      logLevel: 'warning'
    });
    return outfile;
  })();
  return built;
}

/** What a process of the command line said, and how it ended. */
export interface Ended {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  process: ChildProcessWithoutNullStreams;
  ended: Promise<Ended>;
  /** Resolves when standard output holds the text. */
  says: (text: string) => Promise<void>;
}

export interface CommandPlace {
  socket?: string;
  /** Runs it in a terminal of its own, whose output, standard error included, comes as `stdout`. */
  inTerminal?: boolean;
  /** Stands in for Jupyter's Python. */
  python?: string;
  cwd?: string;
  env?: Record<string, string>;
}

/** Python, because Node.js cannot open a terminal. What comes in on standard input is typed into it. */
const IN_TERMINAL =
  'import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))';

/** Starts `jupyter submit with these arguments, as Python would. */
export async function start(
  argv: readonly string[],
  { cwd = tmpdir(), env = {}, inTerminal = false, python = '/nowhere/python', socket }: CommandPlace
): Promise<Running> {
  const command = [process.execPath, await bundle(), ...argv];
  const [program = '', ...rest] = inTerminal ? ['python3', '-c', IN_TERMINAL, ...command] : command;
  const child = spawn(program, rest, {
    cwd,
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: '/home/ada',
      PWD: cwd,
      LANG: 'C.UTF-8',
      TZ: 'UTC',
      ...env,
      JUPYTERLAB_SUBMIT_PYTHON: python,
      ...(socket !== undefined && { JUPYTERLAB_SUBMIT_SOCKET: socket })
    }
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<Ended>(resolve => {
    child.once('close', exitCode => resolve({ exitCode, stdout, stderr }));
  });
  return {
    process: child,
    ended,
    says: text =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (stdout.includes(text)) {
            resolve();
          }
        };
        child.stdout.on('data', look);
        child.once('close', () => reject(new Error(`it never said ${text}:\n${stdout}${stderr}`)));
        look();
      })
  };
}

/** Runs `jupyter submit` to its end. */
export async function run(argv: readonly string[], place: CommandPlace): Promise<Ended> {
  return (await start(argv, place)).ended;
}

/** A program in the place of Python: a shell script of these lines. */
export function pythonThat(...lines: string[]): string {
  const file = path.join(makeTemp(), 'python');
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'));
  chmodSync(file, 0o755);
  return file;
}
