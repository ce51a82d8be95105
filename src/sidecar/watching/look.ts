import path from 'node:path';
import { readCount } from '../../api/bounds';
import type { JobRecord } from '../../api/job';
import { FILES } from '../../api/jobDirectory';
import { ExitFile, ProgressFile, StartedFile, readRunFile } from '../../api/runFiles';
import type { Observation } from '../../job/observation';
import type { JobEnd, QueueEntry, Scheduler } from '../../schedulers/scheduler';
import { command, quote } from '../../shell/quote';
import { beginPart, readParts } from '../../shell/parts';
import { jobDirectory } from '../../job/paths';
import { newMark } from '../remote/mark';
import { ONE_SHELL } from '../remote/oneShell/driver';
import { runScript, type Shell } from '../remote/script';

/**
 * The state files of a job, as they were seen last: by name, the checksum and the length that `cksum` prints, and whether
 * what it says could be read.
 */
export type Seen = Map<string, { sum: string; isRead: boolean }>;

/**
 * What one look at a cluster told: files by job id, and the names of those that are there and cannot be read; the queue, null when it was not asked or did not answer; the ends
 * of the jobs that the scheduler's own records were asked about, by the scheduler's id, null when they were not asked.
 */
export interface Look {
  files: Map<string, Pick<Observation, 'started' | 'progress' | 'exit'>>;
  unreadable: Map<string, string[]>;
  queue: QueueEntry[] | null;
  past: Map<string, JobEnd> | null;
}

/** What a look asks the scheduler beside the files, and for how long it first waits there for the end of a job. */
export interface Question {
  queue: boolean;
  lingerSeconds: number;
  /** The scheduler's ids of jobs whose end is to be explained. */
  past: readonly string[];
}

/**
 * One remote command for all jobs of a cluster: it waits for an end, where it is to; then come the state files that have changed
 * since the last look, and, when they are due, the queue and the scheduler's records of jobs that have ended.
 *
 * @param seen what earlier looks saw, by job id; brought up to date.
 * @param signal Gives it up.
 */
export async function look(
  shell: Shell,
  records: readonly JobRecord[],
  seen: Map<string, Seen>,
  scheduler: Scheduler,
  question: Question,
  signal?: AbortSignal
): Promise<Look> {
  const mark = newMark();
  const answer = await runScript(shell, {
    ...(signal && { signal }),
    body: [
      question.lingerSeconds > 0 ? lingerScript(records, seen, question.lingerSeconds) : '',
      lookScript(mark),
      ...looks(records, seen),
      question.queue ? queueScript(mark, scheduler) : '',
      pastScript(mark, scheduler, question.past),
      'exit 0'
    ].join('\n')
  });
  // What was cut short is no answer, whatever had come of it.
  signal?.throwIfAborted();
  const files: Look['files'] = new Map();
  let queue: QueueEntry[] | null = null;
  let past: Look['past'] = null;
  for (const { kind, rest, text } of readParts(answer.stdout, mark)) {
    const [id = '', name = '', sum = ''] = rest.split(' ');
    if (kind === 'file') {
      const read = readFile(name, text);
      const known = files.get(id) ?? { started: null, progress: null, exit: null };
      files.set(id, { ...known, ...read });
      const isRead = Object.values(read).some(value => value !== null);
      if (isRead || isWhole(sum, text)) {
        seenOf(seen, id).set(name, { sum, isRead });
      }
    } else if (kind === 'queue') {
      queue = readQueue(scheduler, text);
    } else if (kind === 'past') {
      past = scheduler.records?.parse(text) ?? null;
    }
  }
  return { files, unreadable: unreadableIn(records, seen), queue, past };
}

/** All of the user's jobs in the queue; null when it did not answer. */
export async function askQueue(shell: Shell, scheduler: Scheduler): Promise<QueueEntry[] | null> {
  const mark = newMark();
  const answer = await runScript(shell, { body: queueScript(mark, scheduler) });
  return readQueue(scheduler, readParts(answer.stdout, mark)[0]?.text ?? '');
}

const STATE_FILES = [FILES.started, FILES.progress, FILES.exit] as const;

/** The most bytes of a state file: a longer one is none of ours, and must not keep the files of other jobs from being read. */
const LONGEST = 65_536;

/**
 * The most bytes of state files, and of what a scheduler prints, in one look: together less than an answer may have. Files
 * that had no room come with the next look; a queue that was cut counts as one that did not answer.
 */
const MOST_FILES = 8_000_000;
const MOST_QUEUE = 10_000_000;
const MOST_PAST = 1_000_000;

/** Jobs that one program looks at: all their names have to fit into its arguments. */
const TOGETHER = 500;

/** How often a look that waits sees whether a job has ended, in seconds, and for how many jobs, the youngest, it does. */
const LINGER_PAUSE = 0.2;
const MOST_AWAITED = 20;

/** Returns as soon as one of these jobs has ended, and at once where other commands would wait for this one. */
function lingerScript(
  records: readonly JobRecord[],
  seen: Map<string, Seen>,
  seconds: number
): string {
  const ends = records
    .filter(({ id }) => !seenOf(seen, id).has(FILES.exit))
    .toSorted((one, other) => (other.submittedAt ?? 0) - (one.submittedAt ?? 0))
    .slice(0, MOST_AWAITED)
    .map(({ cluster, id }) => quote(`${jobDirectory(cluster.baseFolder, id)}/${FILES.exit}`));
  return `linger() {
  local left=$1 file
  shift
  while [ -z "$${ONE_SHELL}" ] && [ "$left" -gt 0 ]; do
    for file; do [ -e "$file" ] && return; done
    sleep ${LINGER_PAUSE} || return
    left=$((left - 1))
  done
}
linger ${Math.floor(seconds / LINGER_PAUSE)} ${ends.join(' ')}`;
}

/**
 * Prints the state files of jobs that are not as they were seen last. One program for all of them, as a thousand
 * would be felt on a login node; and no here-document, which needs room in /tmp.
 */
const lookScript = (
  mark: string
): string => `look() { # bytes, a folder, then for each job its id and what was seen of each file, with commas between
  local IFS=, files=() known=() at=0 left=$1 job parts sum length file text
  cd -- "$2" 2>/dev/null || return; shift 2
  for job; do
    parts=($job)
    if [ -d "$parts" ]; then
      ${STATE_FILES.map((name, index) => `[ -f "$parts/${name}" ] && files+=("$parts/${name}") && known+=("\${parts[${index + 1}]}")`).join('\n      ')}
    fi
  done
  [ "\${#files[@]}" -gt 0 ] || return
  cksum "\${files[@]}" 2>/dev/null | while IFS=' ' read -r sum length file; do
    while [ "\${files[at]}" != "$file" ]; do
      at=$((at + 1)); [ "$at" -lt "\${#files[@]}" ] || return
    done
    if [ "$sum:$length" != "\${known[at]}" ]; then
      [ "$left" -gt 0 ] || return
      text=
      [ "$length" -gt ${LONGEST} ] || IFS= read -r -d '' -n ${LONGEST} text <"$file"
      left=$((left - \${#text} - 100))
      ${beginPart(mark, 'file %s %s %s:%s', '"${file%/*}"', '"${file##*/}"', '"$sum"', '"$length"')}
      printf %s "$text"
    fi
  done
}`;

function looks(records: readonly JobRecord[], seen: Map<string, Seen>): string[] {
  const folders = new Map<string, string[]>();
  for (const { cluster, id } of records) {
    const folder = path.posix.dirname(jobDirectory(cluster.baseFolder, id));
    const known = seenOf(seen, id);
    const job = [id, ...STATE_FILES.map(name => known.get(name)?.sum ?? '')].join(',');
    const others = folders.get(folder) ?? [];
    others.push(job);
    folders.set(folder, others);
  }
  const groups = [...folders].flatMap(([folder, jobs]) =>
    Array.from({ length: Math.ceil(jobs.length / TOGETHER) }, (_, index) =>
      [quote(folder), ...jobs.slice(index * TOGETHER, (index + 1) * TOGETHER)].join(' ')
    )
  );
  return groups.map(group => `look ${Math.ceil(MOST_FILES / groups.length)} ${group}`);
}

/** Whether a file came as it is: one that could not be read just now is read again. */
function isWhole(sum: string, text: string): boolean {
  const length = readCount(sum.split(':')[1] ?? '') ?? 0;
  return length === 0 || length > LONGEST || text !== '';
}

function unreadableIn(records: readonly JobRecord[], seen: Map<string, Seen>): Look['unreadable'] {
  return new Map(
    records.map(({ id }) => [
      id,
      [...(seen.get(id) ?? [])].flatMap(([name, { isRead }]) => (isRead ? [] : [name]))
    ])
  );
}

/**
 * Seconds that a batch system has for an answer. Queue and records together have less than a look may take: what the files say is heard,
 * however long the system says nothing.
 */
const ANSWER_SECONDS = 45;

/** A command of the batch system's; without an answer in time, it ends with all that it has started (timeout(1)). */
const asks = (argv: readonly string[]): string =>
  `$(command -v timeout >/dev/null && echo timeout -k 5 ${ANSWER_SECONDS}) ${command(argv)}`;

/** The exit status comes last: a queue command that failed half-way says nothing about absence. */
function queueScript(mark: string, scheduler: Scheduler): string {
  const asked = `${asks(scheduler.statusArgv())}; printf '\\n%s' "$?"`;
  return `${beginPart(mark, 'queue')}; { ${asked}; } | head -c ${MOST_QUEUE}`;
}

function pastScript(mark: string, { records }: Scheduler, schedulerIds: readonly string[]): string {
  return records === null || schedulerIds.length === 0
    ? ''
    : `${beginPart(mark, 'past')}; ${asks(records.argv(schedulerIds))} | head -c ${MOST_PAST}`;
}

function readQueue(scheduler: Scheduler, text: string): QueueEntry[] | null {
  const end = text.trimEnd().lastIndexOf('\n');
  return end >= 0 && text.slice(end + 1).trim() === '0'
    ? scheduler.parseStatus(text.slice(0, end))
    : null;
}

function readFile(
  name: string,
  text: string
): Partial<Pick<Observation, 'started' | 'progress' | 'exit'>> {
  switch (name) {
    case FILES.started:
      return { started: readRunFile(StartedFile, text) };
    case FILES.progress:
      return { progress: readRunFile(ProgressFile, text) };
    case FILES.exit:
      return { exit: readRunFile(ExitFile, text) };
    default:
      return {};
  }
}

function seenOf(seen: Map<string, Seen>, id: string): Seen {
  const known = seen.get(id) ?? (new Map() satisfies Seen);
  seen.set(id, known);
  return known;
}
