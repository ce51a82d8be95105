import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeAskpass } from './askpassProgram';

/** The most bytes that the path of a socket of ours may have: OpenSSH adds 17 while it makes one, and a system takes 104 or more. */
const LONGEST_SOCKET = 86;

/** Milliseconds that a shell may take to start. */
const SHELL_MS = 10_000;

/** A folder of one login, for nobody else to see: sockets, our part of the configuration, and the program that asks. */
export interface PrivateFolder {
  path: string;
  /** The socket of the connection that commands go through. */
  master: string;
  /** The socket that the program which asks hands its questions to. */
  questions: string;
  /** The program that ssh asks its questions with. */
  askpass: string;
  /** The configuration that ssh is started with. */
  config: string;
}

/**
 * Makes one where programs can be started: with one that cannot, ssh would send an empty password in place of an answer.
 *
 * @throws Error where there is no such place.
 */
export async function makePrivateFolder(): Promise<PrivateFolder> {
  let failure: unknown = new Error(
    'no place for sockets: every temporary folder has too long a name'
  );
  for (const place of new Set([tmpdir(), '/tmp', '/dev/shm'])) {
    try {
      const made = named(await mkdtemp(path.join(place, 'submit-ssh-')));
      try {
        if (Buffer.byteLength(made.questions) > LONGEST_SOCKET) {
          throw failure;
        }
        await writeAskpass(made.askpass, made.questions);
        await isStarted(made.askpass);
        return made;
      } catch (error) {
        await rm(made.path, { recursive: true, force: true });
        throw error;
      }
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

function named(folder: string): PrivateFolder {
  const of = (name: string): string => path.join(folder, name);
  return {
    path: folder,
    master: of('m'),
    questions: of('q'),
    askpass: of('askpass'),
    config: of('config')
  };
}

/** Starts it without a question, with which it ends at once. */
function isStarted(program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(program, [], { timeout: SHELL_MS }, error => (error ? reject(error) : resolve()));
  });
}
