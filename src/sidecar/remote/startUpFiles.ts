import { type ProblemError, problem } from '../../api/problem';
import { NOT_RUN_STATUS, readReader } from './bashInput';

/**
 * The start-up files that each shell reads for a command, too (the section on them in the manual of each), and a line that has what stands behind it count
 * for terminals only.
 */
const GUARDS: Record<string, string> = {
  bash: '[[ $- == *i* ]] || return (in ~/.bashrc)',
  zsh: '[[ -o interactive ]] || return (in ~/.zshenv)',
  fish: 'status is-interactive || return (in ~/.config/fish/config.fish)',
  tcsh: 'if (! $?prompt) exit (in ~/.tcshrc or ~/.cshrc)'
};

/** What shells say when they fail at a line of a start-up file, or at one of ours. */
const NAMES: [pattern: RegExp, shell: string][] = [
  [/\.zshenv\b/, 'zsh'],
  [/\bconfig\.fish\b/, 'fish'],
  [/\.t?cshrc\b/, 'tcsh'],
  [/\.bashrc\b/, 'bash']
];

/** What came where a mark should have come, and how it ended. */
export interface Silence {
  exitCode: number | null;
  signal: string | null;
  /** The end of what was printed, of both outputs. */
  output: string;
}

/** In the words of Linux-PAM and of sshd, which lets one in for nothing but a new password. */
const EXPIRED = /password has expired|password change required|change your password/i;

/** The problem of an account in which nothing of ours was run: what its shell starts with stands in the way, or it is not open to commands. */
export function startUpProblem(host: string, { output, ...ending }: Silence): ProblemError {
  const details = { where: host, ...ending, output };
  if (EXPIRED.test(output)) {
    return problem('password-expired', { host }, { details });
  }
  const reader = readerIn(output);
  const guards = guardsFor(reader?.login ?? loginShellIn(output));
  if (reader !== null && reader.name !== 'bash') {
    return problem('shell-replaced', { host, shell: reader.name, guards }, { details });
  }
  // Bash has come to what stands behind our line, and so somebody has taken that.
  return reader !== null || ending.exitCode === NOT_RUN_STATUS
    ? problem('input-taken', { host, guards }, { details })
    : problem('start-up-files', { host, guards }, { details });
}

/** Which shell has read what was meant for bash; null where none has told. */
function readerIn(output: string): { name: string; login: string } | null {
  // It reads all that there is before it runs anything, and refuses the line for csh.
  return /^fish: \$\? is not the exit status/m.test(output)
    ? { name: 'fish', login: '' }
    : readReader(output);
}

function loginShellIn(output: string): string {
  return NAMES.find(([pattern]) => pattern.test(output))?.[1] ?? '';
}

/** The guard of a login shell; those of all where it is not known. */
function guardsFor(shell: string): string {
  const name = shell === 'csh' ? 'tcsh' : shell;
  return Object.hasOwn(GUARDS, name) ? (GUARDS[name] ?? '') : Object.values(GUARDS).join('; ');
}
