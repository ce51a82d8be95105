import { readCount } from '../../api/bounds';
import { isTerminal, type JobRecord } from '../../api/job';
import { FILES } from '../../api/jobDirectory';
import { problem } from '../../api/problem';
import type { LogAnswer } from '../../api/routes';
import { jobDirectory } from '../../job/paths';
import { quote } from '../../shell/quote';
import { Collected } from '../remote/collected';
import { runScript, type Shell } from '../remote/script';

/** The most of a log that one answer holds, in bytes. */
const MOST_BYTES = 1_000_000;

/** How much longer the line with the size of all of it may make an answer. */
const LONGEST_SIZE = 100;

/** What a log is made of: file names below logs/, a pattern of the shell. */
function filesOf(name: string): string {
  if (name.startsWith('cell-')) {
    return `../${FILES.outputs}/${name}.txt`;
  }
  return name === 'engines' ? 'engine*.log' : `${name}.log`;
}

/** Reads a log (`name` is a `LogName`) from byte `from` on; throws the problem `no-such-log` when the job has not written it. */
export async function readLog(
  shell: Shell,
  record: JobRecord,
  name: string,
  from: number
): Promise<LogAnswer> {
  const logs = `${jobDirectory(record.cluster.baseFolder, record.id)}/${FILES.logs}`;
  const output = new Collected(MOST_BYTES + LONGEST_SIZE);
  const answer = await runScript(shell, {
    body: `cd ${quote(logs)} 2>/dev/null || exit 3
set -- ${filesOf(name)}
[ -f "$1" ] || exit 3
cat -- "$@" | wc -c
cat -- "$@" | tail -c +${from + 1} | head -c ${MOST_BYTES}
exit 0`,
    output
  });
  if (answer.exitCode !== 0) {
    throw problem('no-such-log', { log: name });
  }
  const { bytes } = output;
  const firstLine = bytes.indexOf('\n');
  const size = readCount(bytes.toString('utf8', 0, firstLine).trim());
  if (size === null) {
    const beginning = bytes.toString('utf8', 0, 1000);
    throw problem('answer-unreadable', {}, { details: { output: beginning } });
  }
  const read = bytes.subarray(firstLine + 1);
  const isAll = isTerminal(record.state) && from + read.length >= size;
  // Counted in bytes of the log: what is not UTF-8 in it is longer as text.
  const length = isAll ? read.length : wholeCharacters(read);
  return { text: read.toString('utf8', 0, length), next: from + length, size };
}

/** How many of these bytes remain without a character of UTF-8 that is cut at their end. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
    if (byte < 0x80) {
      break;
    }
  }
  return bytes.length;
}
