import { type Reach, hostAgent, hostLaunch } from '../hostLaunch';

/** The job's variable with the file of its hosts. */
export const HOSTS = 'PBS_NODEFILE';

/** What a host of a job has of its own, in either system. */
const OWN = ['NCPUS', 'PBS_MOMPORT', 'PBS_NODENUM', 'PBS_TASKNUM', 'PBS_VNODENUM', 'TMPDIR'];

/** A host that PBS does not lead to is reached as people do. */
const SSH = 'ssh -n -o BatchMode=yes';

/**
 * PBS Pro starts one process on a host, with the words as they are; what it prints goes into the job's log. Its commands may be where they were as
 * the job was submitted, or where only pbs.conf says.
 */
const REACH_PBS_PRO: Reach = {
  hosts: HOSTS,
  own: OWN,
  ignored: null,
  start: `PATH=$PATH:$PBS_O_PATH:$(sed -n 's/^PBS_EXEC=//p' "\${PBS_CONF_FILE:-/etc/pbs.conf}" 2>/dev/null)/bin
command -v pbs_tmrsh >/dev/null && exec pbs_tmrsh "$host" /bin/bash "$file"
exec ${SSH} "$host" "/bin/bash $(printf %q "$file")"`,
  together: null,
  isTold: false
};

/** Starts processes on the hosts of a job of PBS Pro. */
export const LAUNCH_PBS_PRO = hostLaunch(REACH_PBS_PRO);

/** Starts those of an mpiexec. */
export const AGENT_PBS_PRO = hostAgent(REACH_PBS_PRO);

/** Torque listens to one `pbsdsh` of a job at a time: a single one reaches all hosts, this one too. */
export const LAUNCH_TORQUE = hostLaunch({
  hosts: HOSTS,
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
