import { stat } from 'node:fs';

/**
 * Threads that wait for disks. Each takes half a millisecond to start and holds next to no memory; Node's own number is
 * four, and all four may wait for one network share (docs/decisions/0024).
 */
export const THREADS = 128;

/** Starts them. Call it before anything else has asked a disk: the number counts once, when the first is needed. */
export function startThreads(): void {
  const before = process.env['UV_THREADPOOL_SIZE'];
  process.env['UV_THREADPOOL_SIZE'] = String(THREADS);
  stat('/', () => undefined);
  // What a person has set is for the jobs of this machine.
  if (before === undefined) {
    delete process.env['UV_THREADPOOL_SIZE'];
  } else {
    process.env['UV_THREADPOOL_SIZE'] = before;
  }
}
