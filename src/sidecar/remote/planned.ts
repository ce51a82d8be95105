import type { Faults } from '../process/faults';
import type { Reached, Remote } from './remote';

/** The ways to the clusters, whose every command is an effect that a planned fault may cut off. */
export function planned(
  faults: Faults,
  remoteOf: (cluster: Reached) => Remote
): (cluster: Reached) => Remote {
  return cluster => {
    const remote = remoteOf(cluster);
    return {
      where: remote.where,
      run: command => faults.async(() => remote.run(command))
    };
  };
}
