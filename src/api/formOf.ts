import { formatClock } from './duration';
import type { JobForm, JobSpec } from './jobSpec';
import { formatMemory } from './memory';

/** The form that a job spec comes of: what to fill in to ask for the same again. */
export function formOf<Notebook extends string>(spec: JobSpec<Notebook>): JobForm<Notebook> {
  const { engines: _, memoryPerCoreMb, timeSeconds, ...same } = spec;
  return {
    ...same,
    time: formatClock(timeSeconds),
    ...(memoryPerCoreMb !== undefined && { memoryPerCore: formatMemory(memoryPerCoreMb) })
  };
}
