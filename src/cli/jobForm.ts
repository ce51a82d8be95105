import path from 'node:path';
import { Option } from 'commander';
import { FIELD_OPTIONS, type FieldOption } from './fieldOptions';

/** The options that fill in the job form, ready for a command. */
export function formOptions(): { option: Option; group: FieldOption['group'] }[] {
  return rows()
    .filter(([, { flags }]) => flags !== '')
    .map(([, { flags, group, help, kind }]) => {
      const option = new Option(flags, help);
      return {
        group,
        option:
          kind === 'list'
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
  for (const [field, { flags, kind }] of rows()) {
    const given = flags === '' ? undefined : options[new Option(flags).attributeName()];
    // What can be turned off is on by itself, which nobody has said.
    const isSaid = given !== undefined && !(kind === 'off' && given === true);
    if (isSaid) {
      form[field] = kind === 'number' && typeof given === 'string' ? numberIn(given) : given;
    }
  }
  return { ...form, notebook: path.resolve(cwd, notebook) };
}

function rows(): [string, FieldOption][] {
  return Object.entries(FIELD_OPTIONS);
}

function numberIn(text: string): number | string {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text;
}
