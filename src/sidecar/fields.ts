import type { JobForm } from '../api/jobSpec';
import type { Scheduler } from '../schedulers/scheduler';

/** Form fields that every scheduler takes, because none of them needs the scheduler. */
const ALWAYS_TAKEN: readonly (keyof JobForm)[] = [
  'notebook',
  'cluster',
  'cores',
  'time',
  'name',
  'files',
  'exclude',
  'findFiles',
  'environment',
  'python',
  'allowErrors',
  'startEngines'
];

/** The fields of a form that mean something to this scheduler. */
export function fieldsFor({ supports }: Scheduler): string[] {
  return [...ALWAYS_TAKEN, ...supports];
}
