import { FIELDS, FIELD_NAMES } from '../../api/fields';
import type { Scheduler } from '../../schedulers/scheduler';

/** The fields of a form that mean something to this scheduler. */
export function fieldsFor({ supports }: Scheduler): string[] {
  return FIELD_NAMES.filter(
    field => !('needsScheduler' in FIELDS[field]) || supports.includes(field)
  );
}
