import type { Caller } from '../api/routes';
import type { Clock } from './process/clock';
import type { ClusterSources } from './clusters/clusters';
import type { Faults } from './process/faults';
import type { Jobs } from './records/jobs';
import type { Log } from './process/log';
import type { Notices } from './records/notices';
import type { Remote } from './remote/remote';
import type { Reached } from './remote/remotes';

/** What everything with effects shares; made once, in main. */
export interface Context extends ClusterSources {
  jobs: Jobs;
  clock: Clock;
  faults: Faults;
  /** The way to a cluster. */
  remoteOf: (cluster: Reached) => Remote;
  /** A person acts: a cluster that has refused us may be asked again. */
  forgive: (cluster: Reached) => void;
  /** Somebody calls, whose login may serve ours. */
  noteCaller: (caller: Caller) => void;
  /** What a person has to be told that no job says. */
  notices: Notices;
  log: Log;
  /** The file of the runner, which is sent along with each job. */
  runner: string;
  /** Aborted when the sidecar is about to leave. */
  stopping: AbortSignal;
}
