import path from 'node:path';
import pino from 'pino';
import type { Clock } from '../../src/sidecar/clock';
import type { Context } from '../../src/sidecar/context';
import { Faults } from '../../src/sidecar/faults';
import { Hosts } from '../../src/sidecar/hosts';
import { Jobs } from '../../src/sidecar/jobs';
import type { Remote } from '../../src/sidecar/remote/remote';
import { openStore } from '../../src/sidecar/sqliteStore';
import type { Store } from '../../src/sidecar/store';

/** What a context is made with: every cluster is reached by the same remote. */
export interface ContextParts {
  /** Takes the job records. */
  folder: string;
  remote: Remote;
  clock: Clock;
  /** The file of the runner. */
  runner: string;
}

/** A sidecar's context with a store of its own, the store, and what aborts `stopping`. */
export function makeContext({ clock, folder, remote, runner }: ContextParts): {
  context: Context;
  store: Store;
  stop: () => void;
} {
  const log = pino({ level: 'silent' });
  const faults = new Faults(undefined);
  const store = openStore(path.join(folder, 'jobs.sqlite'), faults, log);
  const stop = new AbortController();
  const context: Context = {
    jobs: new Jobs(store, log),
    clock,
    faults,
    remoteOf: () => remote,
    hosts: new Hosts(
      () => remote,
      faults,
      () => undefined
    ),
    configuredHosts: () => [],
    forgive: () => undefined,
    noteCaller: () => undefined,
    log,
    runner,
    stopping: stop.signal
  };
  return { context, store, stop: () => stop.abort() };
}
