import path from 'node:path';
import { Option } from 'commander';
import { FIELDS, FIELD_NAMES, type FieldGroup } from '../api/fields';
import { optionKind } from './fieldOptions';

/** The options that fill in the job form, ready for a command. */
export function formOptions(): { option: Option; group: FieldGroup }[] {
  return FIELDS_WITH_OPTION.map(field => {
    const { flag, group, help, kind } = FIELDS[field];
    const option = new Option(flag, help);
    return {
      group,
      option:
        optionKind(kind) === 'list'
          ? option.argParser((value: string, before: string[] | undefined) => [
              ...(before ?? []),
              value
            ])
          : option
    };
  });
}

/**
 * The job form out of a command line: a relative notebook starts at `cwd`. Nothing is checked here; what is no number
 * stays text, so that the check can say it. What is not said is left to the settings.
 */
export function jobForm(
  notebook: string,
  options: Record<string, unknown>,
  cwd: string
): Record<string, unknown> {
  const form: Record<string, unknown> = {};
  for (const field of FIELDS_WITH_OPTION) {
    const option = new Option(FIELDS[field].flag);
    const given = options[option.attributeName()];
    // What can be turned off is on by itself, which nobody has said.
    const isSaid = given !== undefined && !(option.negate && given === true);
    if (isSaid) {
      const isNumber = optionKind(FIELDS[field].kind) === 'number' && typeof given === 'string';
      form[field] = isNumber ? numberIn(given) : given;
    }
  }
  return { ...form, notebook: path.resolve(cwd, notebook) };
}

/** All but the notebook, which is the command's argument. */
const FIELDS_WITH_OPTION = FIELD_NAMES.filter(field => FIELDS[field].flag !== '');

function numberIn(text: string): number | string {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
