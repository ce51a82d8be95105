import { ROOM } from '../remote/room';
import { environmentLines } from '../../job/environmentLines';
import type { AskedLimits } from '../../schedulers/scheduler';
import { command } from '../../shell/quote';
import { beginPart } from '../../shell/parts';
import { ACCOUNTS_SECONDS, accountsArgv } from './siteAccounts';

/** Before each part of the answer; never at the start of a line that the programs here print. */
export const PART = '@@';

/** Seconds that each part may take. Slurm's own commands give up after 10 to 30 s when nobody answers. */
const SCHEDULER_SECONDS = 40;
const FOLDER_SECONDS = 20;
export const PYTHON_SECONDS = 60;

/** Seconds until the whole check is given up. */
export const CHECK_SECONDS = 180;

/** What a job needs to find, and so what is looked at. */
export interface CheckedNeeds {
  /** null: there is no batch system to ask. */
  limits: AskedLimits | null;
  /** The site's line that prints accounts; null: it has none. */
  accountsCommand: string | null;
  baseFolder: string;
  /** Shell lines of site and person. */
  environment: readonly string[];
  python: string;
  packages: readonly string[];
}

/**
 * Looks at everything in one command; what fails keeps nothing after it from being looked at. Each part ends after its
 * time with all that it has started: environment lines may leave something behind that would hold the answer up.
 */
export function checkScript(needs: CheckedNeeds): string {
  const { accountsCommand, baseFolder, environment, limits, packages, python } = needs;
  const folder = ['bash', '-c', FOLDER, 'folder', baseFolder];
  const probe = [
    'bash',
    '-c',
    pythonScript(environment),
    'python',
    python,
    PROBE,
    ...packages,
    ...BROUGHT
  ];
  return `${LOOK}
${beginPart(PART, 'host')}; printf '%s\\n' "$HOSTNAME"
${limits === null ? '' : `look scheduler ${SCHEDULER_SECONDS} ${command(limits.argv)}`}
${accountsCommand === null ? '' : `look accounts ${ACCOUNTS_SECONDS} ${command(accountsArgv(accountsCommand))}`}
look folder ${FOLDER_SECONDS} ${command(folder)}
look python ${PYTHON_SECONDS} ${command(probe)}
exit 0`;
}

/** What comes with the packages, and may be too old like them. */
const BROUGHT = ['jupyter_client'];

/** Runs one part: its name, its seconds, its command. `timeout` leads a process group of its own, and exits with 124. */
const LOOK = `look() {
  name=$1 seconds=$2; shift 2
  ${beginPart(PART, '%s', '"$name"')}
  timeout -k 2 "$seconds" "$@" 2>&1 &
  wait "$!"
  status=$?
  kill -KILL -- "-$!" 2>/dev/null
  ${beginPart(PART, 'status %s', '"$status"')}
}`;

/**
 * Makes the base folder as a job would, and writes a megabyte there, to the disk: a quota shows only then. It stays: a
 * job that is being submitted may count on it already.
 */
const FOLDER = `export LC_ALL=C
${ROOM}
umask 077
mkdir -p -- "$1" || { room "$1"; exit 3; }
file=$(mktemp -- "$1/check.XXXXXXXX") || { room "$1"; exit 4; }
trap 'rm -f -- "$file"' EXIT
dd if=/dev/zero of="$file" bs=65536 count=16 conv=fsync status=none || { numbers "$1"; exit 5; }
${beginPart(PART, 'room %s', `"$(stat -f --format='%a %S' -- "$1")"`)}`;

/** How FOLDER ends. */
export const FOLDER_STATUS = { notMade: 3, notWritable: 4, notWritten: 5 } as const;

/**
 * Sets the environment up as the script of a job does, then asks its Python. What the lines print is told, not taken for
 * an answer, and what they leave behind does not get the descriptor of the answer.
 */
const pythonScript = (lines: readonly string[]): string => `exec 4>&1
__python=$1 __probe=$2; shift 2
${environmentLines(lines, {
  begun: `${beginPart(PART, 'line %s', '"$__first"')} >&4`,
  failed: `${beginPart(PART, 'failed %s %s', '"$__first"', '"$__status"')} >&4`,
  without: '4>&- '
})}
${lines.length === 0 ? '' : `${beginPart(PART, 'lines')} >&4`}
cd /
exec "$__python" -c "$__probe" "$@" >&4 2>&1 4>&-`;

/** Finds packages without importing them, which would take seconds. Any Python since 2.7 understands it. */
const PROBE = `import json, sys
found = {"python": sys.executable, "version": list(sys.version_info[:3]), "packages": {}, "takes": True}
try:
    import os, sysconfig
    from importlib.util import find_spec
    for name in sys.argv[1:]:
        spec = find_spec(name)
        if spec is not None and spec.origin is not None:
            try:
                from importlib.metadata import version
                found["packages"][name] = version(name)
            except Exception:
                found["packages"][name] = ""
    marker = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    found["takes"] = sys.prefix != sys.base_prefix or not os.path.exists(marker)
except ImportError:
    pass
print("\\n${PART} found " + json.dumps(found))`;
