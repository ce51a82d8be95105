import type { JobSpec } from '../api/jobSpec';
import { HOST, RANK } from './hostLaunch';
import type { Launch, MpiLaunch } from './scheduler';

/** How a system that has no launcher of its own starts engines on the hosts of a job. */
export interface OnHosts {
  /** The script of `hostLaunch`, and the job's variable with the file of hosts that it reads. */
  script: string;
  hosts: string;
  /** How many lines of that file, or how much of their numbers, an engine has. */
  slots: number;
  /** The script of `hostAgent`, for an mpiexec that does not know the system; whether MPICH's is one. */
  agent: { script: string; hydra: boolean } | null;
}

/** Engines by that script, each or one process a host; ranks by the mpiexec of their MPI, which is told the hosts. */
export function launchOnHosts(spec: JobSpec, { agent, hosts, script, slots }: OnHosts): Launch {
  const argv = ['bash', '-c', script, 'launch', '{directory}'];
  return {
    argv: [...argv, String(slots)],
    rank: RANK,
    nodes: {
      argv: [...argv, '0'],
      name: HOST,
      engines: null,
      hosts,
      cpus: null,
      bound: {},
      each: { rank: [], local: [], all: [], job: [] }
    },
    mpi: mpiLaunch(spec, agent)
  };
}

function mpiLaunch({ launcher = 'auto' }: JobSpec, agent: OnHosts['agent']): MpiLaunch {
  if (launcher !== 'auto' && launcher !== 'mpiexec') {
    return { plugins: null, mpiexec: false, agent: null, own: launcher.trim().split(/ +/) };
  }
  const way = agent && {
    argv: ['bash', '-c', agent.script, 'agent', '{directory}'],
    hydra: agent.hydra
  };
  return { plugins: null, mpiexec: true, agent: way, own: null };
}
