import { setTimeout as sleep } from 'node:timers/promises';
import type { Reached, Remote } from './remote';

/**
 * Clusters that are far away, for tests: where `JUPYTERLAB_SUBMIT_REMOTE_DELAY_MS=5000` is set, each remote command
 * begins five seconds late. Without it, the ways to the clusters as they are.
 */
export function delayed(
  milliseconds: string | undefined,
  remoteOf: (cluster: Reached) => Remote
): (cluster: Reached) => Remote {
  const delay = Number(milliseconds ?? 0);
  return delay > 0
    ? cluster => {
        const remote = remoteOf(cluster);
        return {
          where: remote.where,
          run: async command => {
            await sleep(delay);
            return remote.run(command);
          }
        };
      }
    : remoteOf;
}
