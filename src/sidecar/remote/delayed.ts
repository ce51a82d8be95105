import { setTimeout as sleep } from 'node:timers/promises';
import { type RemoteOf, aroundRuns } from './around';

/**
 * Clusters that are far away, for tests: where `JUPYTERLAB_SUBMIT_REMOTE_DELAY_MS=5000` is set, each remote command
 * begins five seconds late. Without it, the ways to the clusters as they are.
 */
export function delayed(milliseconds: string | undefined, remoteOf: RemoteOf): RemoteOf {
  const delay = Number(milliseconds ?? 0);
  return delay > 0
    ? aroundRuns(remoteOf, async (run, command) => {
        await sleep(delay);
        return run(command);
      })
    : remoteOf;
}
