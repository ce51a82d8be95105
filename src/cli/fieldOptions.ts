import { FIELDS, type FieldKind, isField } from '../api/fields';

/** How a field of the job form is written on the command line. */
export type OptionKind = 'number' | 'text' | 'list' | 'switch';

const KINDS: Record<FieldKind, OptionKind> = {
  count: 'number',
  text: 'text',
  choice: 'text',
  /** May be given more than once. */
  lines: 'list',
  patterns: 'list',
  flag: 'switch'
};

export function optionKind(kind: FieldKind): OptionKind {
  return KINDS[kind];
}

/** A field's problem is told by the name that the person typed: `time` is `--time`, `files.1` the second `--file`. */
export function flagOf(field: string): string {
  const [name = '', index] = field.split('.');
  if (name === 'notebook') {
    return 'NOTEBOOK';
  }
  const flag = isField(name) ? (FIELDS[name].flag.split(' ')[0] ?? name) : name;
  return index === undefined ? flag : `${flag} (number ${Number(index) + 1})`;
}
