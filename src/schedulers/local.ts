import { FILES } from '../api/jobDirectory';
import type { QueueEntry, Scheduler } from './scheduler';

/** Seconds between TERM and KILL, at the time limit and after a cancel: the runner saves and leaves in two. */
const KILL_AFTER_SECONDS = 15;

/**
 * Starts the script in a process group of its own (`set -m`), which no hang-up reaches, and prints the group's id.
 * `timeout` (coreutils) is the group's leader: it ends the group at the limit, and turns a TERM that did not help
 * into a KILL.
 */
const START =
  'set -m; nohup timeout -k "$1" "$2" /usr/bin/env bash "$3" </dev/null >>"$4" 2>&1 & echo "$!"';

/**
 * Ends the group, but only while its leader is about to run this job's script or runs it: a process id may have a
 * new owner. For a moment after START the leader is not `timeout` yet, so that the script's path is not its last
 * word, and while it becomes another program it has no words at all; then it is worth another look.
 */
const END = `for look in 1 2 3; do
  words=$(ps -ww -o args= -p "$1") || exit 0
  case "$words " in *"/$2/${FILES.script} "*) kill -TERM -- "-$1"; exit 0;; esac
  sleep 0.1
done`;

/**
 * A leader, as `ps` shows it: `timeout -k 15 600 /usr/bin/env bash /base/k3v9x2ab/script.sh`. In some locales the
 * base folder has `?` for letters, so nothing is read out of it.
 */
const LEADER =
  /^\s*(\d{1,10})\s+timeout -k \d+ \d+ \/usr\/bin\/env bash \/.*\/([a-z][a-z0-9]{7})\/([^/]+)$/;

/** This machine as a batch system: no queue, every job starts at once. */
export const local: Scheduler = {
  name: 'local',
  detect: null,
  variables: [],
  supports: ['coresPerEngine'],
  // The process table is right at once, and so are files of this machine.
  absence: { confirmSeconds: 3, filesSeconds: 3, meansKilled: true },
  queuePace: { firstSeconds: 2, longestSeconds: 10 },
  endSignal: null,
  orders: [],
  idWord: '"$PPID"',
  directives: () => [],
  directiveProblems: () => [],
  submitArgv: ({ spec, script, log }) => [
    'bash',
    '-c',
    START,
    'start',
    String(KILL_AFTER_SECONDS),
    String(spec.timeSeconds),
    script,
    log
  ],
  parseJobId: output => /^([1-9]\d{0,9})\s*$/.exec(output)?.[1] ?? null,
  parseRefusal: () => null,
  cancelArgv: ({ id, schedulerId }) => ['bash', '-c', END, 'end', schedulerId, id],
  statusArgv: () => ['ps', 'xww', '-o', 'pid=', '-o', 'args='],
  parseStatus: output => output.split('\n').flatMap(entry),
  records: null,
  limits: null,
  launch: () => ({
    argv: [],
    rank: null,
    nodes: null,
    mpi: { plugins: null, mpiexec: true, agent: null, own: null }
  })
};

function entry(line: string): QueueEntry[] {
  const [, schedulerId, jobId, program] = LEADER.exec(line) ?? [];
  return schedulerId === undefined || jobId === undefined || program !== FILES.script
    ? []
    : [
        {
          schedulerId,
          jobId,
          state: 'running',
          end: null,
          reason: null,
          wait: null,
          estimatedStart: null
        }
      ];
}
