import type { JobRecord } from '../../api/job';

/** The log that tells most about how a job is, or how it ended. */
export function firstLog({ cause, progress }: JobRecord): string {
  switch (cause?.code) {
    case 'kernel-died':
      return 'kernel';
    case 'engines-never-came':
    case 'mpi':
    case 'engines-lost':
      return 'engines';
    default:
      // What the runner notes, where it has come to run; before that only the script has printed something.
      return progress === null ? 'job' : 'runner';
  }
}
