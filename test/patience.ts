import { vi } from 'vitest';

/** Milliseconds that a busy machine may take for what a test waits for; vitest gives it one second, and has no setting. */
const PATIENCE = 10_000;

const { waitFor, waitUntil } = vi;

vi.waitFor = (callback, options) => waitFor(callback, withPatience(options));
vi.waitUntil = (callback, options) => waitUntil(callback, withPatience(options));

interface Waiting {
  interval?: number;
  timeout?: number;
}

function withPatience(options: number | Waiting = {}): number | Waiting {
  return typeof options === 'number' ? options : { timeout: PATIENCE, ...options };
}
