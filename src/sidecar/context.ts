import type { Cluster } from '../api/cluster';
import type { Clock } from './clock';
import type { Faults } from './faults';
import type { Jobs } from './jobs';
import type { Log } from './log';
import type { Remote } from './remote/remote';

/** What everything with effects shares; made once, in main. */
export interface Context {
  jobs: Jobs;
  clock: Clock;
  faults: Faults;
  /** The way to a cluster. */
  remoteOf: (cluster: Cluster) => Remote;
  log: Log;
  /** The file of the runner, which is sent along with each job. */
  runner: string;
  /** Aborted when the sidecar is about to leave. */
  stopping: AbortSignal;
}
