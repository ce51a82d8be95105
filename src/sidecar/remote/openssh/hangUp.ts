import { readFile, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';

/** Milliseconds between two looks. */
const LOOK_MS = 1000;

/** What Linux calls a connection whose other side wants no more of it (include/net/tcp_states.h, TCP_CLOSE_WAIT). */
const CLOSE_WAIT = '08';

/**
 * Looks whether a host hangs up on an ssh that waits for an answer, and does not notice: on Linux, where the system tells.
 *
 * @param pid The process of ssh.
 * @param hungUp Called when it has.
 * @returns Ends the looking.
 */
export function watchForHangUp(pid: number, hungUp: () => void): () => void {
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  const look = async (): Promise<void> => {
    const has = await hasHungUp(pid);
    if (isOver) {
      return;
    }
    if (has) {
      hungUp();
    } else {
      timer = setTimeout(() => void look(), LOOK_MS);
    }
  };
  void look();
  return () => {
    isOver = true;
    clearTimeout(timer ?? undefined);
  };
}

/** Whether the other side of one of a process's connections has hung up; false where that cannot be told. */
async function hasHungUp(pid: number): Promise<boolean> {
  const process = `/proc/${pid}`;
  try {
    const folder = path.join(process, 'fd');
    const links = await Promise.all(
      (await readdir(folder)).map(name => readlink(path.join(folder, name)).catch(() => ''))
    );
    const own = new Set(links.flatMap(link => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []));
    const tables = await Promise.all(
      ['net/tcp', 'net/tcp6'].map(name =>
        readFile(path.join(process, name), 'latin1').catch(() => '')
      )
    );
    return tables
      .join('\n')
      .split('\n')
      .map(line => line.trim().split(/\s+/))
      .some(words => words[3] === CLOSE_WAIT && own.has(words[9] ?? ''));
  } catch {
    return false;
  }
}
