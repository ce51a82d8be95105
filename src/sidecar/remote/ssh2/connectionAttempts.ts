import { setTimeout as sleep } from 'node:timers/promises';
import { asProblem } from '../../process/asProblem';
import { NotReached } from '../way';

/** Milliseconds between two attempts (sshconnect.c, ssh_connect_direct). */
const BETWEEN_MS = 1000;

/**
 * Connects as often as ConnectionAttempts says, until the host takes the connection: whatever comes of it there is the end, so that
 * nobody logs in twice. As with ssh, a name that is not found is not looked up again, and a host that was silent has had its time.
 */
export async function attempted<T>(most: number, connect: () => Promise<T>): Promise<T> {
  for (let left = most; ; left -= 1) {
    try {
      return await connect();
    } catch (error) {
      if (left <= 1 || !isWorthAnother(error)) {
        throw error;
      }
      await sleep(BETWEEN_MS);
    }
  }
}

function isWorthAnother(error: unknown): boolean {
  return error instanceof NotReached && asProblem(error).code !== 'host-not-found';
}
