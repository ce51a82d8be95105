import type { JobForm } from '../../api/jobSpec';

export type FieldName = keyof JobForm;

/** What a field holds: text of a whole number, text, text of several lines, patterns, yes and no, or one of a few choices. */
export type FieldKind = 'count' | 'text' | 'lines' | 'patterns' | 'flag' | 'choice';

/** Where a field is shown; `top` is always in sight, groups are parts of *More*. */
export type FieldGroup = 'top' | 'engines' | 'queue' | 'run' | 'environment' | 'files';

/** Every field of the form, in the order in which it is shown. */
export const FIELDS = {
  notebook: { kind: 'text', group: 'top' },
  cluster: { kind: 'text', group: 'top' },
  cores: { kind: 'count', group: 'top' },
  time: { kind: 'text', group: 'top' },
  coresPerEngine: { kind: 'count', group: 'engines' },
  startEngines: { kind: 'choice', group: 'engines' },
  memoryPerCore: { kind: 'text', group: 'engines' },
  nodes: { kind: 'count', group: 'engines' },
  enginesPerNode: { kind: 'count', group: 'engines' },
  gpusPerNode: { kind: 'count', group: 'engines' },
  queue: { kind: 'text', group: 'queue' },
  account: { kind: 'text', group: 'queue' },
  qos: { kind: 'text', group: 'queue' },
  reservation: { kind: 'text', group: 'queue' },
  constraint: { kind: 'text', group: 'queue' },
  directives: { kind: 'lines', group: 'queue' },
  environment: { kind: 'lines', group: 'environment' },
  python: { kind: 'text', group: 'environment' },
  name: { kind: 'text', group: 'run' },
  email: { kind: 'text', group: 'run' },
  allowErrors: { kind: 'flag', group: 'run' },
  files: { kind: 'patterns', group: 'files' },
  exclude: { kind: 'patterns', group: 'files' },
  findFiles: { kind: 'flag', group: 'files' }
} as const satisfies Record<FieldName, { kind: FieldKind; group: FieldGroup }>;

/** The fields of a group that a cluster takes, in their order. */
export function fieldsOf(group: FieldGroup, taken: readonly string[]): FieldName[] {
  return FIELD_NAMES.filter(name => FIELDS[name].group === group && taken.includes(name));
}

export const FIELD_NAMES = Object.keys(FIELDS).filter(isField);

/** Whether this is the name of a field. */
export function isField(name: string): name is FieldName {
  return Object.hasOwn(FIELDS, name);
}
