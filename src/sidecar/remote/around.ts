import type { Reached, Remote, RemoteCommand } from './remote';

/** The ways to the clusters. */
export type RemoteOf = (cluster: Reached) => Remote;

/** The ways to the clusters with something around each of their commands; all else is theirs. */
export function aroundRuns(
  remoteOf: RemoteOf,
  around: (run: Remote['run'], command: RemoteCommand) => ReturnType<Remote['run']>
): RemoteOf {
  return cluster => {
    const remote = remoteOf(cluster);
    const { stallSeconds, where } = remote;
    return {
      where,
      ...(stallSeconds !== undefined && { stallSeconds }),
      run: command => around(one => remote.run(one), command)
    };
  };
}
