import { homedir, hostname } from 'node:os';
import { type Cluster, KEEP_DAYS, THIS_MACHINE } from '../../api/cluster';

/** Where a cluster's job directories are when nothing else is said, with the home folder there as `~`. */
export const BASE_FOLDER = '~/.jupyterlab-submit';

/**
 * The cluster that is always there: the machine that the sidecar runs on. `python` is Jupyter's own.
 *
 * @param jobsAtOnce How many jobs run at a time; null: as many as its cores hold.
 */
export function thisMachine(python: string, jobsAtOnce: number | null = null): Cluster {
  return {
    name: THIS_MACHINE,
    title: 'This machine',
    host: null,
    transport: 'auto',
    transferHost: null,
    scheduler: 'local',
    baseFolder: inHome(BASE_FOLDER),
    python,
    kernel: 'notebook',
    environment: [],
    jobsAtOnce,
    keepDays: KEEP_DAYS,
    forkEngines: true,
    gpuOption: 'gpus-per-node',
    queueSeconds: 0,
    variables: {}
  };
}

/** The name of this machine, whether or not it has a domain; as in folders.py. */
export function machineName(): string {
  return hostname().split('.')[0]?.toLowerCase() || 'localhost';
}

/** A path of this machine that may begin with `~`, in full. */
export function inHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, () => homedir().replace(/\/+$/, ''));
}
