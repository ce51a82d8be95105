import type { JobSpec } from '../../api/jobSpec';
import type { BatchJob } from '../scheduler';

/** Torque, and PBS Pro before OpenPBS, take no longer name (PBS_MAXJOBNAME). */
const NAME_LENGTH = 15;

/** What is asked for of either system, as options of qsub, but for resources. What was left empty is left to the person's and the site's defaults. */
export function options({ id, spec }: BatchJob): string[] {
  const { account, email, name, queue } = spec;
  return [
    '-N',
    `${id}-${name}`.slice(0, NAME_LENGTH),
    '-S',
    '/bin/bash',
    '-j',
    'oe',
    '-r',
    'n',
    ...(queue === undefined ? [] : ['-q', queue]),
    ...(account === undefined ? [] : ['-A', account]),
    ...(email === undefined ? [] : ['-M', email, '-m', 'ae'])
  ];
}

/** `walltime=HH:MM:SS`; days run on in the hours. */
export function walltime({ timeSeconds: seconds }: JobSpec): string {
  const two = (part: number): string => String(Math.floor(part)).padStart(2, '0');
  return `walltime=${[seconds / 3600, (seconds / 60) % 60, seconds % 60].map(two).join(':')}`;
}
