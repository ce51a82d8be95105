import { DatabaseSync } from 'node:sqlite';
import path from 'node:path';
import pino from 'pino';
import type { Clock } from '../../src/sidecar/process/clock';
import type { AppParts } from '../../src/sidecar/http/app';
import type { LifeParts } from '../../src/sidecar/lifecycle/life';
import { diskOf } from '../../src/sidecar/files/disk';
import { Faults } from '../../src/sidecar/process/faults';
import { Hosts } from '../../src/sidecar/clusters/hosts';
import { Jobs } from '../../src/sidecar/records/jobs';
import { Notices } from '../../src/sidecar/records/notices';
import type { Remote } from '../../src/sidecar/remote/remote';
import { openStore } from '../../src/sidecar/records/sqliteStore';
import type { Store } from '../../src/sidecar/records/store';
import { Questions } from '../../src/sidecar/remote/questions';

/** All that the parts of a sidecar are given. */
export type Context = LifeParts & AppParts['context'];

/** What a context is made with. */
export interface ContextParts {
  /** Takes the job records. */
  folder: string;
  /** The way to this machine, and to each host that has none of its own. */
  remote: Remote;
  /** Ways to hosts, by their names. */
  remotes?: Record<string, Remote>;
  clock: Clock;
  /** The file of the runner. */
  runner: string;
}

/** A sidecar's context with a store of its own, the store, and what aborts `stopping`. */
export function makeContext({ clock, folder, remote, remotes = {}, runner }: ContextParts): {
  context: Context;
  store: Store;
  stop: () => void;
} {
  const log = pino({ level: 'silent' });
  const store = openStore(path.join(folder, 'jobs.sqlite'), log);
  const stop = new AbortController();
  const to = (host: string | null): Remote => remotes[host ?? ''] ?? remote;
  const context: Context = {
    jobs: new Jobs(store, log),
    clock,
    faults: new Faults(undefined),
    diskOf,
    remoteOf: ({ host }) => to(host),
    transportOf: () => null,
    hosts: new Hosts(to, async () => undefined),
    configuredHosts: () => [],
    reach: async () => undefined,
    questions: new Questions(),
    noteCaller: () => undefined,
    notices: new Notices(folder),
    log,
    runner,
    stopping: stop.signal
  };
  return { context, store, stop: () => stop.abort() };
}

/** The records after somebody has changed their file, which nobody can while it is open. */
export function changedStore(folder: string, store: Store, statements: string): Store {
  store.close();
  const file = path.join(folder, 'jobs.sqlite');
  const database = new DatabaseSync(file);
  database.exec(statements);
  database.close();
  return openStore(file, pino({ level: 'silent' }));
}
