import { problem } from '../../api/problem';
import type { RemoteCommand } from './remote';

/** The end of a command's time, or of the wish for it. */
export interface Limit {
  /** Rejects with a `ProblemError` (`cluster-unreachable`) when the command is given up. */
  reached: Promise<never>;
  /** The command has ended by itself. */
  clear(): void;
}

/** Watches how long a command may take, and whether it is still wanted. */
export function limitOf({ signal, timeoutSeconds }: RemoteCommand, cluster: string): Limit {
  let clear = (): void => undefined;
  const reached = new Promise<never>((_, reject) => {
    const giveUp = (output: string): void =>
      reject(problem('cluster-unreachable', { cluster }, { details: { output } }));
    const unwanted = (): void => {
      const why: unknown = signal?.reason;
      // Without a reason of ours it is the platform's, an AbortError.
      const isOurs = why instanceof Error && why.name === 'Error';
      giveUp(isOurs ? why.message : 'not wanted any more');
    };
    const late = (): void => giveUp(`no answer within ${timeoutSeconds} s`);
    const timer = setTimeout(late, timeoutSeconds * 1000);
    signal?.addEventListener('abort', unwanted);
    if (signal?.aborted === true) {
      unwanted();
    }
    clear = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', unwanted);
    };
  });
  // Whoever does not wait any more need not hear of it.
  reached.catch(() => undefined);
  return { reached, clear: () => clear() };
}
