/** A job as `qstat -f` shows it. */
export interface ShownJob {
  /** The server's whole id, `1234.server`. */
  id: string;
  /** What it says of the job, by name. */
  values: Map<string, string>;
}

/** The clock by which times are to be read, and what is kept of each job; a person's variables are long, and may say anything. */
const KEPT = [
  'Exit_status',
  'Hold_Types',
  'Job_Name',
  'Job_Owner',
  'comment',
  'comp_time',
  'depend',
  'estimated.start_time',
  'exec_host',
  'exit_status',
  'job_state',
  'mtime',
  'obittime',
  'session_id',
  'start_time',
  'stime',
  'substate'
];

/** A shell function that prints what is kept of the jobs that it is given: lines of `name = value`, which go on behind a tab. */
export const SHOW = `show() {
  date '+clock %z'
  awk '
    /^Job Id: / || /^$/ { print; kept = /^Job/; next }
    /^    [A-Za-z]/ { kept = $1 ~ /^(${KEPT.join('|').replaceAll('.', '[.]')})$/ }
    kept { print }
  '
}`;

/** A job that both systems name, one of an array among them. */
const JOB = /^Job Id: (\d{1,19}(?:\[\d*\])?(?:\.[A-Za-z0-9][\w.-]{0,99})?)\n/;

/** Reads what `SHOW` prints: each job whole, up to the empty line behind it, or not at all. */
export function shownJobs(output: string): ShownJob[] {
  return output.split(/^(?=Job Id: )/m).flatMap(part => {
    const id = JOB.exec(part)?.[1];
    const end = part.indexOf('\n\n');
    if (id === undefined || end < 0) {
      return [];
    }
    return [{ id, values: valuesIn(attributesOf(part.slice(0, end))) }];
  });
}

/** The lines of a job or a queue as they were before they were folded: what does not fit goes on behind a tab. */
export function attributesOf(block: string): string[] {
  return block.replaceAll('\n\t', '').split('\n');
}

/** The values in such lines, `    name = value`, by name. */
export function valuesIn(lines: readonly string[]): Map<string, string> {
  return new Map(
    lines.flatMap(line => {
      const [, name, value] = /^ {4}([A-Za-z_]+(?:\.\w+)?) = (.*)$/.exec(line) ?? [];
      return name === undefined ? [] : [[name, (value ?? '').trim()] as const];
    })
  );
}

/** How far the clock of the host is ahead of UTC, in seconds, as `SHOW` says it; null where it does not. */
export function clockIn(output: string): number | null {
  const [, sign, hours, minutes] = /^clock ([+-])(\d\d)(\d\d)$/m.exec(output) ?? [];
  return sign === undefined
    ? null
    : (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** `Mon Nov 30 12:00:00 2026`, as ctime(3) writes it by the host's clock, in seconds since 1970; null for all else. */
export function momentOf(text: string | undefined, clock: number | null): number | null {
  const [, month = '', day, hour, minute, second, year] =
    /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})$/.exec(text ?? '') ??
    [];
  const at = MONTHS.indexOf(month);
  if (clock === null || month === '' || at < 0 || at % 3 !== 0) {
    return null;
  }
  const utc = Date.UTC(
    Number(year),
    at / 3,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second)
  );
  const seconds = utc / 1000 - clock;
  return seconds >= 0 ? seconds : null;
}
