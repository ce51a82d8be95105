import { execFile } from 'node:child_process';
import { ProblemError } from '../../../api/problem';
import { CHECK_MS, ownWords, through } from './mux';

/**
 * Why the ssh of this machine cannot send commands through a connection; null where it can. Nothing is contacted: it is to look for a
 * connection that is not there, and has to say so.
 *
 * @param socket A path at which nothing is.
 */
export function whyNoMultiplexing(
  socket: string,
  host: string,
  environment: NodeJS.ProcessEnv
): Promise<string | null> {
  return new Promise(resolve => {
    const argv = [...through(socket), '-O', 'check', '--', host];
    execFile('ssh', argv, { timeout: CHECK_MS, env: environment }, (_error, _printed, said) => {
      const [first = ''] = ownWords(said).split('\n');
      resolve(said.includes(socket) ? null : first || 'ssh -O check says nothing');
    });
  });
}

/**
 * What ssh has said of the socket that it could not make behind a login (mux.c, misc.c: unix_listener); null where it has made it. No host
 * can have said it, because none knows the path.
 */
export function whyNoSocket(socket: string, said: string): string | null {
  return (
    ownWords(said)
      .split('\n')
      .find(line => line.includes(socket)) ?? null
  );
}

/** Ssh has logged in, and then could not make the socket that commands go through. */
export class NotMultiplexed extends ProblemError {
  /**
   * @param why Its problem.
   * @param words What ssh has said.
   * @param isFree Whether that login has cost nobody an answer.
   */
  constructor(
    why: ProblemError,
    readonly words: string,
    readonly isFree: boolean
  ) {
    super(why.problem, { cause: why });
  }
}
