import { AsyncLocalStorage } from 'node:async_hooks';

/** The operations whose every effect may be cut off in a test. */
export type Scope = 'submit' | 'collect';

/** Milliseconds after which an effect is under way on this machine: a command has begun to read, and is not over. */
const DURING_MS = 20;

/**
 * Where effects go through: a write to the store, a remote command, a rename. A test sets
 * `JUPYTERLAB_SUBMIT_FAULT=submit:before:3` to have this process killed, as by a power cut, before (or `during`, or
 * `after`) the third effect of a submission; without it nothing is counted. `submit:during:3:100` gives that effect 100 ms.
 */
export class Faults {
  private readonly scope = new AsyncLocalStorage<Scope>();
  private count = 0;
  private readonly planned: { scope: string; when: string; effect: number; ms: number } | null;

  constructor(plan: string | undefined) {
    const [scope, when, effect, ms = DURING_MS] = plan?.split(':') ?? [];
    this.planned =
      scope !== undefined && when !== undefined
        ? { scope, when, effect: Number(effect), ms: Number(ms) }
        : null;
  }

  /** Runs an operation; the effects inside it, however deep, count as its own. */
  within<T>(scope: Scope, operation: () => Promise<T>): Promise<T> {
    return this.scope.run(scope, operation);
  }

  /** An effect that is over when it returns. */
  sync<T>(effect: () => T): T {
    const due = this.begin();
    const result = effect();
    this.end(due);
    return result;
  }

  /** An effect that is over when its promise is. */
  async async<T>(effect: () => Promise<T>): Promise<T> {
    const due = this.begin();
    const under = effect();
    if (due && this.planned?.when === 'during') {
      setTimeout(kill, this.planned.ms);
    }
    const result = await under;
    this.end(due);
    return result;
  }

  private begin(): boolean {
    if (this.planned === null || this.scope.getStore() !== this.planned.scope) {
      return false;
    }
    this.count += 1;
    const due = this.count === this.planned.effect;
    if (due && this.planned.when === 'before') {
      kill();
    }
    return due;
  }

  private end(due: boolean): void {
    if (due) {
      kill();
    }
  }
}

function kill(): void {
  process.kill(process.pid, 'SIGKILL');
}
