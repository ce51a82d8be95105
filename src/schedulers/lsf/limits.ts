import type { Limits } from '../scheduler';

/** Said below the last queue: what comes before it is whole. */
const END = 'end of queues';

/** The version of what submits, and all that is to be known of the queues that take this user's jobs. */
const LIMITS = `command -v bqueues >/dev/null || exit 127
export LSB_NTRIES="\${LSB_NTRIES:-3}"
bsub -V 2>&1
bqueues -l -u "$(id -un)" || exit
echo '${END}'`;

/** Prints the version and the queues. */
export function limitsArgv(): string[] {
  return ['bash', '-c', LIMITS, 'limits'];
}

const VERSION = /^(?:IBM |Platform |Spectrum )+LSF (?:[A-Za-z]+ )*(\d[\d.]{0,80}\d)/m;
const MOST_QUEUES = 1000;

/** LSF's version and its queues, out of what `limitsArgv` prints: `bqueues -l` is the same in all versions (prtQueuesLong of OpenLava). */
export function parseLimits(output: string): Limits {
  const parts = output.split(new RegExp(`^(?=QUEUE: )|^${END}$`, 'm'));
  return {
    version: VERSION.exec(output)?.[1] ?? null,
    // What comes after the last mark has been cut, or is noise.
    queues: parts.slice(0, -1).flatMap(queue).slice(0, MOST_QUEUES)
  };
}

/** One queue: `QUEUE: normal`, its description, a line of numbers with `Open:Active`, limits, and much else. */
function queue(part: string): Limits['queues'] {
  const name = /^QUEUE: ([A-Za-z0-9_]\S{0,127})$/m.exec(part)?.[1];
  const status = /^PRIO +NICE +STATUS\b.*\n *-?\d+ +-?\d+ +([A-Z][a-z]+):/m.exec(part)?.[1];
  if (name === undefined || status === undefined) {
    return [];
  }
  return [
    {
      name,
      isDefault: /This is (?:the default queue|one of the default queues)\./.test(part),
      limitSeconds: runLimit(part),
      isUsable: status === 'Open'
    }
  ];
}

/**
 * The longest time that a job may take, in seconds: below `MAXIMUM LIMITS:` where there are other ones by default. Of the limits that one
 * line names, CPULIMIT comes first, and those two alone are in minutes: ` 60.0 min of hostA`.
 */
function runLimit(part: string): number | null {
  const at = part.indexOf('\nMAXIMUM LIMITS:');
  const [, names = '', values = ''] =
    /^ (.*\bRUNLIMIT\b.*)\n(.*)$/m.exec(at < 0 ? part : part.slice(at)) ?? [];
  const minutes = [...values.matchAll(/(\d{1,9}(?:\.\d+)?) min\b/g)].map(([, number]) =>
    Number(number)
  );
  const found = minutes[/\bCPULIMIT\b/.test(names) ? 1 : 0];
  return found === undefined ? null : Math.round(found * 60);
}
