import { execFileSync } from 'node:child_process';

/** The words that bash makes of a piece of shell. */
export function wordsOf(shell: string): string[] {
  // printf would print one empty word where there is none.
  const script = `print() { [ "$#" -eq 0 ] || printf '%s\\0' "$@"; }; print ${shell}`;
  const printed = execFileSync('bash', ['-c', script], { encoding: 'utf8', cwd: '/' });
  return printed.split('\0').slice(0, -1);
}
