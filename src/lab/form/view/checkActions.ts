import { Clipboard } from '@jupyterlab/apputils';
import type { Problem } from '../../../api/problem';
import { needsSignIn } from '../../../api/signIn';
import { CommandIDs } from '../../commandIDs';
import type { FormParts } from './formParts';
import { signIn } from './signIn';

/** What can be done about something that the check of a cluster found; below the last, what helps with all of them. */
export function checkActions(
  { code, values }: Problem,
  isLast: boolean,
  parts: FormParts
): { label: string; run: () => void }[] {
  const { checks, commands, trans } = parts;
  const { fix } = values;
  return [
    ...(fix === undefined
      ? []
      : [{ label: trans.__('Copy line'), run: () => Clipboard.copyToSystem(String(fix)) }]),
    ...(isLast
      ? [
          needsSignIn(code)
            ? { label: trans.__('Sign in'), run: () => void signIn(parts) }
            : { label: trans.__('Check again'), run: () => void checks.ask() },
          {
            label: trans.__('Open settings'),
            run: () => void commands.execute(CommandIDs.openSettings)
          }
        ]
      : [])
  ];
}
