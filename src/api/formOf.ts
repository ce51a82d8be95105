import { formatClock } from './duration';
import type { JobForm, JobSpec } from './jobSpec';

/** The form that a job spec comes of: what to fill in to ask for the same again. Fields that were left empty are absent. */
export function formOf(spec: JobSpec): JobForm {
  const { engines: _, memoryPerCoreMb, timeSeconds, ...rest } = spec;
  const filled = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null));
  return {
    ...(filled as Omit<JobForm, 'time' | 'memoryPerCore'>),
    time: formatClock(timeSeconds),
    ...(memoryPerCoreMb !== null && { memoryPerCore: `${memoryPerCoreMb}M` })
  };
}
