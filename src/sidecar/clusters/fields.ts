import { SCHEDULERS, type SchedulerName } from '../../api/cluster';
import { FIELDS, FIELD_NAMES } from '../../api/fields';
import { schedulers } from '../../schedulers';
import type { Scheduler } from '../../schedulers/scheduler';

/** The fields of a form that mean something to this scheduler. */
export function fieldsFor({ supports }: Scheduler): string[] {
  return FIELD_NAMES.filter(
    field => !('needsScheduler' in FIELDS[field]) || supports.includes(field)
  );
}

/** The fields that mean something to a scheduler, or to any of them, as long as it is not known which it is. */
export function fieldsOf(scheduler: SchedulerName | undefined): string[] {
  const possible = scheduler === undefined ? SCHEDULERS : [scheduler];
  return [...new Set(possible.flatMap(name => fieldsFor(schedulers[name])))];
}
