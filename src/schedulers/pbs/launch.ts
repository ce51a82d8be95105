import type { JobSpec } from '../../api/jobSpec';
import { HOST, RANK, hostLaunch } from '../hostLaunch';
import type { Launch, MpiLaunch } from '../scheduler';

/** What a host of a job has of its own, in either system. */
const OWN = ['NCPUS', 'PBS_MOMPORT', 'PBS_NODENUM', 'PBS_TASKNUM', 'PBS_VNODENUM', 'TMPDIR'];

/** A host that PBS does not lead to is reached as people do. */
const SSH = 'ssh -n -o BatchMode=yes';

/**
 * PBS Pro starts one process on a host, with the words as they are; what it prints goes into the job's log. Its commands may be where they were as
 * the job was submitted, or where only pbs.conf says.
 */
export const LAUNCH_PBS_PRO = hostLaunch({
  hosts: 'PBS_NODEFILE',
  own: OWN,
  ignored: null,
  start: `PATH=$PATH:$PBS_O_PATH:$(sed -n 's/^PBS_EXEC=//p' "\${PBS_CONF_FILE:-/etc/pbs.conf}" 2>/dev/null)/bin
command -v pbs_tmrsh >/dev/null && exec pbs_tmrsh "$host" /bin/bash "$file"
exec ${SSH} "$host" "/bin/bash $(printf %q "$file")"`,
  together: null,
  isTold: false
});

/** Torque listens to one `pbsdsh` of a job at a time: a single one reaches all hosts, this one too. */
export const LAUNCH_TORQUE = hostLaunch({
  hosts: 'PBS_NODEFILE',
  own: OWN,
  ignored: null,
  start: `PATH=$PATH:$PBS_O_PATH
command -v pbsdsh >/dev/null && exec pbsdsh -u /bin/bash "$files/all"
trap 'kill $(jobs -p) 2>/dev/null' TERM
for host in "\${hosts[@]:1}"; do
  ${SSH} "$host" "env PBS_VNODENUM=\${first[$host]} /bin/bash $(printf %q "$files/all")" &
done
until wait; do :; done`,
  together: 'PBS_VNODENUM',
  isTold: false
});

/** @param slots How many lines of the file of hosts an engine has. */
export function launch(spec: JobSpec, script: string, slots: number): Launch {
  return {
    argv: ['bash', '-c', script, 'launch', '{directory}', String(slots)],
    rank: RANK,
    nodes: {
      argv: ['bash', '-c', script, 'launch', '{directory}', '0'],
      name: HOST,
      engines: null,
      hosts: 'PBS_NODEFILE',
      cpus: null,
      bound: {},
      each: { rank: [], local: [], all: [], job: [] }
    },
    mpi: mpiLaunch(spec)
  };
}

/** Its own way is the mpiexec of an MPI that knows PBS, or is told its hosts. */
function mpiLaunch({ launcher = 'auto' }: JobSpec): MpiLaunch {
  return launcher === 'auto' || launcher === 'mpiexec'
    ? { plugins: null, mpiexec: true, agent: null, own: null }
    : { plugins: null, mpiexec: false, agent: null, own: launcher.trim().split(/ +/) };
}
