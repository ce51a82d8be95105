import type { Faults } from '../process/faults';
import { type RemoteOf, aroundRuns } from './around';

/** The ways to the clusters, whose every command is an effect that a planned fault may cut off. */
export function planned(faults: Faults, remoteOf: RemoteOf): RemoteOf {
  return aroundRuns(remoteOf, (run, command) => faults.async(() => run(command)));
}
