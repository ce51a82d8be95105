import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The garbage collector, which Node.js hides unless it is asked for when it starts. */
let collector: ((options: object) => void) | null = null;

/**
 * Gives memory back to the system that something large has needed. V8 collects when it needs more, and a service that then has
 * nothing to do for days would keep it all that time. Stops everything for a tenth of a second.
 */
export function giveMemoryBack(): void {
  setFlagsFromString('--expose-gc');
  collector ??= runInNewContext('gc') as (options: object) => void;
  collector({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
