import { randomBytes } from 'node:crypto';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { quote } from '../../shell/quote';
import { BehindMark } from './behindMark';
import { Collected } from './collected';
import type { Remote, RemoteAnswer, RemoteCommand } from './remote';
import { startUpProblem } from './startUpFiles';

/** One thing to do on a cluster. */
export interface Script {
  /**
   * Bash statements. Their standard input is empty; descriptor 3 has the bytes of `input`. `exit` ends them with a
   * status.
   */
  body: string;
  input?: Readable;
  /** Takes what the statements print; otherwise it is returned as text. */
  output?: Writable;
  environment?: Record<string, string>;
  timeoutSeconds?: number;
  /** Gives it up. */
  signal?: AbortSignal;
}

/**
 * A bash that comes in the place of a subshell takes itself for the one that sshd has started, where this is 1, and reads
 * ~/.bashrc for another time: a line there that replaces the shell would replace our command, too.
 */
const NO_START_UP_FILES = 'SHLVL=9';

/** What commands need to be run: a way to a cluster. */
export interface Shell {
  remote: Remote;
  /** Variables for every command there. */
  variables?: Record<string, string>;
}

/**
 * Runs a script in one round trip. Bash has read all of it before it reads any of the bytes behind it, so that these can
 * never run as commands (`bashInput.ts`). What login scripts print is cut off: the answer
 * begins behind a mark.
 *
 * @throws ProblemError `cluster-unreachable`, `start-up-files` and its like (startUpFiles.ts) or, for more text than any answer has, `answer-unreadable`; a status other than 0 is an answer.
 */
export async function runScript(shell: Shell, script: Script): Promise<RemoteAnswer> {
  const { body, output, timeoutSeconds = 120, ...rest } = script;
  const mark = `jupyterlab-submit ${randomBytes(9).toString('hex')}`;
  const exports = Object.entries(shell.variables ?? {})
    .map(([name, value]) => `export ${name}=${quote(value)}\n`)
    .join('');
  const command = {
    ...rest,
    script: `printf '\\n%s\\n' '${mark}'; (\n${exports}${NO_START_UP_FILES}\n${body}\n)\n`,
    timeoutSeconds
  };
  if (output) {
    return runInto(shell.remote, command, mark, output);
  }
  const text = new Collected();
  const answer = await runInto(shell.remote, command, mark, text);
  return { ...answer, stdout: text.bytes.toString('utf8') };
}

async function runInto(
  remote: Remote,
  command: RemoteCommand,
  mark: string,
  output: Writable
): Promise<RemoteAnswer> {
  const behindMark = new BehindMark(`\n${mark}\n`, remote.where);
  const [answer] = await Promise.all([
    remote.run({ ...command, output: behindMark }),
    pipeline(behindMark, output)
  ]);
  if (!behindMark.found) {
    const { exitCode, signal, stderr } = answer;
    const output = `${behindMark.before}${stderr}`.slice(-2000);
    throw startUpProblem(remote.where, { exitCode, signal, output });
  }
  return answer;
}
