import type { Details } from '../api/problem';
import type { Translator } from '../api/translation';

/** What stood behind a problem, line by line: the command, where it ran, how it ended, and the last of its output. */
export function detailsText(details: Details | undefined, trans: Translator): string {
  if (details === undefined) {
    return '';
  }
  const { command, exitCode, output, signal, where } = details;
  return [
    command !== undefined && trans.__('Command: %1', command),
    where !== undefined && trans.__('On: %1', where),
    typeof exitCode === 'number' && trans.__('Exit code: %1', exitCode),
    typeof signal === 'string' && trans.__('Signal: %1', signal),
    output !== undefined && output.trimEnd()
  ]
    .filter(line => typeof line === 'string' && line !== '')
    .join('\n');
}
