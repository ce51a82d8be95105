import { formatClock } from './duration';
import type { JobForm, JobSpec } from './jobSpec';
import { formatMemory } from './memory';

/** The form that a job spec comes of: what to fill in to ask for the same again. */
export function formOf(spec: JobSpec): JobForm {
  const { engines: _, memoryPerCoreMb, timeSeconds, ...same } = spec;
  return {
    ...same,
    time: formatClock(timeSeconds),
    memoryPerCore: memoryPerCoreMb === null ? undefined : formatMemory(memoryPerCoreMb),
    nodes: spec.nodes ?? undefined,
    enginesPerNode: spec.enginesPerNode ?? undefined,
    gpusPerNode: spec.gpusPerNode ?? undefined,
    queue: spec.queue ?? undefined,
    account: spec.account ?? undefined,
    qos: spec.qos ?? undefined,
    reservation: spec.reservation ?? undefined,
    constraint: spec.constraint ?? undefined,
    email: spec.email ?? undefined,
    python: spec.python ?? undefined
  };
}
