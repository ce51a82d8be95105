import { parseDuration } from '../../api/duration';
import type { Limits } from '../scheduler';
import { attributesOf, valuesIn } from './jobs';

/** The version, the person's names, the default queue, and all queues. */
const LIMITS = `command -v qstat >/dev/null || exit 127
qstat --version 2>&1 | head -n 1
printf 'user %s\\n' "$(id -un)"
id -Gnz | while IFS= read -r -d '' group; do printf 'group %s\\n' "$group"; done
qstat -B -f | sed -n 's/^ *default_queue = /default /p'
qstat -Q -f`;

/** Prints the version and the queues. */
export function limitsArgv(): string[] {
  return ['bash', '-c', LIMITS, 'limits'];
}

/** `pbs_version = 23.06.06`, `pbs_version = PBSPro_11.3.0.121723`; `Version: 6.1.2`. */
const VERSION = /^(?:pbs_version = (?:PBSPro_)?|[Vv]ersion: )(\d\S{0,80})$/m;
const QUEUE = /^Queue: ([A-Za-z0-9_]\S{0,127})$/;

/** More than any person has, and than anybody chooses from. */
const MOST_GROUPS = 10_000;
const MOST_QUEUES = 1000;

/** Reads what `limitsArgv` prints: each queue up to the empty line behind it, or not at all. */
export function parseLimits(output: string): Limits {
  const lines = output.split('\n');
  const told = (what: string): string[] =>
    lines.flatMap(line => (line.startsWith(`${what} `) ? line.slice(what.length + 1) : []));
  const person = { user: told('user')[0] ?? null, groups: told('group').slice(0, MOST_GROUPS) };
  const [standard] = told('default');
  return {
    version: VERSION.exec(output)?.[1] ?? null,
    queues: output
      .split(/^(?=Queue: )/m)
      .flatMap(part => {
        const end = part.indexOf('\n\n');
        const [first = '', ...rest] = attributesOf(part.slice(0, Math.max(0, end)));
        const name = QUEUE.exec(first)?.[1];
        if (name === undefined) {
          return [];
        }
        const values = valuesIn(rest);
        return [
          {
            name,
            isDefault: name === standard,
            limitSeconds: secondsOf(values.get('resources_max.walltime') ?? ''),
            isUsable: isOpen(values) && isFor(values, person)
          }
        ];
      })
      .slice(0, MOST_QUEUES)
  };
}

/** A bare number is seconds. */
function secondsOf(time: string): number | null {
  return /^\d{1,10}$/.test(time) ? Number(time) : parseDuration(time);
}

function isOpen(values: ReadonlyMap<string, string>): boolean {
  return (
    values.get('enabled') === 'True' &&
    values.get('started') === 'True' &&
    values.get('from_route_only') !== 'True'
  );
}

/** Whether its lists have the person, where it goes by them: entries such as `ada`, `-bob`, `eve@*.example.org`. */
function isFor(
  values: ReadonlyMap<string, string>,
  { groups, user }: { groups: readonly string[]; user: string | null }
): boolean {
  const has = (list: string, names: readonly string[]): boolean => {
    if (values.get(`acl_${list}_enable`) !== 'True' || names.length === 0) {
      return true;
    }
    const entries = (values.get(`acl_${list}s`) ?? '').split(',').map(entry => entry.trim());
    return entries.some(entry => names.includes(entry.replace(/^\+/, '').replace(/@.*$/, '')));
  };
  return has('user', user === null ? [] : [user]) && has('group', groups);
}
