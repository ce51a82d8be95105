import { PROBLEMS, type Problem } from '../../../api/problem';
import { needsSignIn } from '../../../api/signIn';
import { CommandIDs } from '../../commandIDs';
import type { FormParts } from './formParts';
import { signIn } from './signIn';

/** What can be done about a problem of a submission or a check. */
export function problemActions(
  { code }: Problem,
  parts: FormParts
): { label: string; run: () => void }[] {
  const { commands, form, trans } = parts;
  if (needsSignIn(code)) {
    return [{ label: trans.__('Sign in'), run: () => void signIn(parts) }];
  }
  // What lies on a drive stays there, however often it is looked at.
  const again =
    code === 'not-a-file' ? [] : [{ label: trans.__('Check again'), run: () => void form.ask() }];
  return PROBLEMS[code].lies === 'settings'
    ? [
        {
          label: trans.__('Open settings'),
          run: () => void commands.execute(CommandIDs.openSettings)
        },
        ...again
      ]
    : again;
}
