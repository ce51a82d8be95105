import type { JobRecord } from '../api/job';
import { problem } from '../api/problem';
import type { LogAnswer, LogName } from '../api/routes';
import { jobPaths } from '../job/paths';
import { quote } from '../schedulers/text';
import { runScript, type Shell } from './remote/script';

/** The most of a log that one answer holds, in bytes. */
const MOST_BYTES = 1_000_000;

/** What each log is made of: file names below logs/, a pattern of the shell. */
const FILES: Record<LogName, string> = {
  job: 'job.log',
  runner: 'runner.log',
  controller: 'controller.log',
  engines: 'engine*.log',
  kernel: 'kernel.log'
};

/** Reads a log from byte `from` on; throws the problem `no-such-log` when the job has not written it. */
export async function readLog(
  shell: Shell,
  record: JobRecord,
  name: LogName,
  from: number
): Promise<LogAnswer> {
  const { logs } = jobPaths(record.cluster.baseFolder, record.id, record.spec.notebook);
  const answer = await runScript(shell, {
    body: `cd ${quote(logs)} 2>/dev/null || exit 3
set -- ${FILES[name]}
[ -f "$1" ] || exit 3
cat -- "$@" | wc -c
cat -- "$@" | tail -c +${from + 1} | head -c ${MOST_BYTES}
exit 0`
  });
  if (answer.exitCode !== 0) {
    throw problem('no-such-log', { log: name });
  }
  const [size = '0', ...lines] = answer.stdout.split('\n');
  const text = lines.join('\n');
  return { text, next: from + Buffer.byteLength(text), size: Number(size) };
}
