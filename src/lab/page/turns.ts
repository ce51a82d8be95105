import type { Locks } from './page';

/** What a page does with a lock, and without. */
export interface Turn {
  /** Runs while this page holds the lock, until `signal` is aborted. */
  hold: () => Promise<void>;
  /** Begins when another page holds it, and is to end when `over` is aborted. */
  wait: (over: AbortSignal) => Promise<void>;
}

/** Holds the lock `name` as soon as no other page does, until `signal` is aborted. */
export async function takeTurn(
  { hold, wait }: Turn,
  { locks, name }: { locks: Locks; name: string },
  signal: AbortSignal
): Promise<void> {
  await locks.request(name, { ifAvailable: true }, async lock => {
    if (lock !== null) {
      await hold();
    }
  });
  if (signal.aborted) {
    return;
  }
  const over = new AbortController();
  const leave = (): void => over.abort();
  signal.addEventListener('abort', leave);
  const waited = wait(over.signal);
  try {
    await locks.request(name, { signal }, async () => {
      leave();
      await waited;
      await hold();
    });
  } catch (error) {
    if (!signal.aborted) {
      throw error;
    }
  }
}
