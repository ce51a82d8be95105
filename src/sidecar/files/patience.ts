import { problem } from '../../api/problem';
import { Permits } from './permits';

/** What a person's folder is used for. Folders that do not answer to one of these keep no thread from the others. */
export type Use = 'read' | 'send' | 'place' | 'login';

/** How many of the THREADS each use may take; what is left is for our own folders, and for looking up hosts. */
const SHARES: Record<Use, number> = { read: 48, send: 28, place: 28, login: 8 };

/** How many of them one folder may take. */
const MOST_OF_A_FOLDER = 4;

const uses: Record<Use, Permits> = {
  read: new Permits(SHARES.read),
  send: new Permits(SHARES.send),
  place: new Permits(SHARES.place),
  login: new Permits(SHARES.login)
};
const folders = new Map<string, Permits>();

/** Files that have been asked about, and whose disk has not answered yet. */
const silent = new Set<string>();

/** One question to a disk. */
export interface Question<T> {
  /** The folder of a person that it is about, and what for. */
  folder: string;
  use: Use;
  /** The file that is named where no answer comes. */
  file: string;
  /** Seconds that the disk gets. */
  seconds: number;
  ask: () => Promise<T>;
  /** Is told of an answer that comes too late; null where that is an error. */
  late?: (value: T | null) => void;
}

/**
 * Asks a disk, which may never answer: what hangs in the kernel cannot be taken back, and keeps its thread. So a file
 * that is silent is not asked again meanwhile, and each folder and each use has only so many threads to lose. The threads
 * are the whole process's, so this is, too.
 *
 * @throws ProblemError `disk-silent`, or what the disk answers.
 */
export async function patiently<T>(question: Question<T>): Promise<T> {
  const { ask, file, folder, late, seconds, use } = question;
  const noAnswer = (): Error => problem('disk-silent', { path: file, seconds });
  if (silent.has(file)) {
    throw noAnswer();
  }
  const thread = await threadFor(folder, use);
  if (thread === null) {
    throw noAnswer();
  }
  return new Promise<T>((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      silent.add(file);
      thread.lose();
      reject(noAnswer());
    }, seconds * 1000);
    const done = (): void => {
      clearTimeout(timer);
      if (isLate) {
        silent.delete(file);
      }
      thread.back(isLate);
    };
    ask().then(
      value => {
        done();
        if (isLate) {
          late?.(value);
        }
        resolve(value);
      },
      (error: unknown) => {
        done();
        if (isLate) {
          late?.(null);
        }
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    );
  });
}

interface Thread {
  lose: () => void;
  back: (wasLost: boolean) => void;
}

/** A thread for a folder; null where it has lost all of its own, or its use has. */
async function threadFor(folder: string, use: Use): Promise<Thread | null> {
  const key = `${use} ${folder}`;
  const own = folders.get(key) ?? new Permits(MOST_OF_A_FOLDER);
  folders.set(key, own);
  const permits = [own, uses[use]];
  const back = (wasLost: boolean, taken = permits): void => {
    taken.forEach(permit => permit.leave(wasLost));
    if (own.isUnused) {
      folders.delete(key);
    }
  };
  if (!(await own.take())) {
    return null;
  }
  if (!(await uses[use].take())) {
    back(false, [own]);
    return null;
  }
  return { lose: () => permits.forEach(permit => permit.lose()), back };
}
