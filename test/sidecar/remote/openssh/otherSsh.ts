import { execFileSync } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTemp } from '../../../makeTemp';

/** What an `ssh` does with its arguments before it is the system's, in the words of sh(1). */
const OTHERWISE = {
  /** As one that was built without multiplexing. */
  'has no multiplexing': `for word; do
  case $word in
    --) break ;;
    -M | -O | -S) echo "unknown option -- \${word#-}" >&2; exit 255 ;;
  esac
done`,
  /** Where it may not make sockets: that shows behind the login. */
  'can make no socket': `for word; do
  shift
  case $was in -S) case " $* " in *" -M "*) word=$word/none ;; esac ;; esac
  was=$word
  set -- "$@" "$word"
done`,
  /** Where something else is at the place of its socket: it goes on without one. */
  'goes on without a socket': `for word; do
  shift
  case $was in -S) case " $* " in *" -M "*) word=$word-taken; mkdir "$word" ;; esac ;; esac
  was=$word
  set -- "$@" "$word"
done`
};

/**
 * A PATH with an `ssh` before the system's, which it is but for one thing.
 *
 * @param host The host for which it is not; otherwise for all.
 */
export function pathWithSsh(otherwise: keyof typeof OTHERWISE, host?: string): string {
  const folder = makeTemp();
  const usual = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
  const file = path.join(folder, 'ssh');
  const hosts = host === undefined ? '*' : `*" ${host} "*`;
  const begin = `case " $* " in ${hosts}) `;
  writeFileSync(file, `#!/bin/sh\n${begin}${OTHERWISE[otherwise]} ;; esac\nexec ${usual} "$@"\n`);
  chmodSync(file, 0o755);
  return `${folder}:${process.env['PATH'] ?? ''}`;
}
