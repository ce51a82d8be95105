import { hostLaunch } from '../hostLaunch';

/** What all processes of a job get before they are killed (-notify); the script alone minds it. */
export const END_SIGNAL = 'USR2';

/**
 * Starts processes on the job's hosts. The others are reached by Grid Engine itself (qrsh -inherit), which has a shell read the
 * words, gives each host variables of its own and none of ours, and takes no more processes than a host has slots.
 */
export const LAUNCH = hostLaunch({
  hosts: 'PE_HOSTFILE',
  own: ['NHOSTS', 'NQUEUES', 'NSLOTS', 'PE_HOSTFILE', 'QUEUE', 'SGE_*', 'TMP', 'TMPDIR'],
  ignored: END_SIGNAL,
  start: 'exec qrsh -inherit -nostdin "$host" /bin/bash "$(printf %q "$file")"',
  together: null,
  isTold: true
});
