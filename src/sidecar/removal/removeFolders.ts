import { quote } from '../../shell/quote';
import { runScript, type Shell } from '../remote/script';

/** What became of a folder that was to be removed: `stays` is the first thing that could not be, with the system's words. */
export type Removed = { stays: null } | { stays: string; why: string };

/**
 * Removes folders with all that is in them, each for itself, in one remote command. Jobs may leave folders that nothing can
 * be removed from, as clones and package caches have them: those are opened first. Only folders are, and no link is followed:
 * a file may have another name elsewhere.
 */
export async function removeFolders(
  shell: Shell,
  folders: readonly string[]
): Promise<Map<string, Removed>> {
  const answer = await runScript(shell, {
    body: `export LC_ALL=C
remove() {
  why=$(rm -rf -- "$1" 2>&1) && return
  [ -L "$1" ] || find "$1" -type d ! -perm -u=rwx -exec chmod u+rwx {} \\; 2>/dev/null
  why=$(rm -rf -- "$1" 2>&1)
}
for folder in ${folders.map(quote).join(' ')}; do
  if remove "$folder"; then printf '\\0\\0'; else
    stays=$(find "$folder" -depth -print -quit 2>/dev/null)
    printf '%s\\0%s\\0' "\${stays:-$folder}" "\${why:0:2000}"
  fi
done
exit 0`
  });
  const fields = answer.stdout.split('\0');
  return new Map(
    folders.map((folder, index): [string, Removed] => {
      const stays = fields[index * 2];
      const why = fields[index * 2 + 1];
      if (stays === undefined || why === undefined) {
        return [folder, { stays: folder, why: answer.stderr.slice(-2000) }];
      }
      return [folder, stays === '' ? { stays: null } : { stays, why }];
    })
  );
}
