import { type Reach, hostAgent, hostLaunch } from '../hostLaunch';

/** What all processes of a job get before they are killed (-notify); the script alone minds it, and USR1: a queue's s_rt, or a stop to come. */
export const END_SIGNAL = 'USR2';

/**
 * The other hosts are reached by Grid Engine itself (qrsh -inherit), which has a shell read the words, gives each host variables of its own and none of ours, and takes no more processes than a host has slots.
 */
const REACH: Reach = {
  hosts: 'PE_HOSTFILE',
  own: ['NHOSTS', 'NQUEUES', 'NSLOTS', 'PE_HOSTFILE', 'QUEUE', 'SGE_*', 'TMP', 'TMPDIR'],
  ignored: END_SIGNAL,
  start: 'exec qrsh -inherit -nostdin "$host" /bin/bash "$(printf %q "$file")"',
  together: null,
  isTold: true
};

/** Starts processes on the job's hosts. */
export const LAUNCH = hostLaunch(REACH);

/** Starts those of an mpiexec. */
export const AGENT = hostAgent(REACH);
