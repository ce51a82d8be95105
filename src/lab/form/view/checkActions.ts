import { Clipboard } from '@jupyterlab/apputils';
import type { Problem } from '../../../api/problem';
import { CommandIDs } from '../../commandIDs';
import type { FormParts } from './formParts';

/** What can be done about something that the check of a cluster found; below the last, what helps with all of them. */
export function checkActions(
  { values }: Problem,
  isLast: boolean,
  { checks, commands, trans }: FormParts
): { label: string; run: () => void }[] {
  const { fix } = values;
  return [
    ...(fix === undefined
      ? []
      : [{ label: trans.__('Copy line'), run: () => Clipboard.copyToSystem(String(fix)) }]),
    ...(isLast
      ? [
          { label: trans.__('Check again'), run: () => void checks.ask() },
          {
            label: trans.__('Open settings'),
            run: () => void commands.execute(CommandIDs.openSettings)
          }
        ]
      : [])
  ];
}
