import type { Problem, ProblemCode } from '../../api/problem';
import { CommandIDs } from '../commandIDs';
import type { FormParts } from './formParts';

/** Problems that are mended in the settings. */
const OF_SETTINGS: readonly ProblemCode[] = [
  'cluster-settings',
  'settings-invalid',
  'no-scheduler',
  'unknown-cluster'
];

/** What can be done about a problem of a submission or a check. */
export function problemActions(
  { code }: Problem,
  { commands, form, trans }: FormParts
): { label: string; run: () => void }[] {
  // What lies on a drive stays there, however often it is looked at.
  const again =
    code === 'not-a-file' ? [] : [{ label: trans.__('Check again'), run: () => void form.ask() }];
  return OF_SETTINGS.includes(code)
    ? [
        {
          label: trans.__('Open settings'),
          run: () => void commands.execute(CommandIDs.openSettings)
        },
        ...again
      ]
    : again;
}
