import { type Reach, hostAgent, hostLaunch } from '../hostLaunch';

/** What all processes of a job get at its time limit, ten minutes before they are killed (bsub -W); the script alone minds it. */
export const END_SIGNAL = 'USR2';

/**
 * The other hosts are reached by LSF itself (blaunch), which gives them its own variables and, as rsh does, has a
 * shell read the words; which GPUs are theirs, each host knows.
 */
const REACH: Reach = {
  hosts: 'LSB_DJOB_HOSTFILE',
  own: [
    'CUDA_VISIBLE_DEVICES*',
    'GPU_DEVICE_ORDINAL',
    'HIP_VISIBLE_DEVICES',
    'LSB_*',
    'LSF_*',
    'LS_*',
    'ROCR_VISIBLE_DEVICES',
    'TMP',
    'TMPDIR',
    'ZE_AFFINITY_MASK'
  ],
  ignored: END_SIGNAL,
  start: 'exec blaunch -n "$host" /bin/bash "$(printf %q "$file")"',
  together: null,
  isTold: true
};

/** Starts processes on the job's hosts. */
export const LAUNCH = hostLaunch(REACH);

/** Starts those of an mpiexec. */
export const AGENT = hostAgent(REACH);
