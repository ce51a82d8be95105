import type { Cluster } from '../../api/cluster';
import type { JobRecord } from '../../api/job';
import { FILES } from '../../api/jobDirectory';
import { problem } from '../../api/problem';
import { jobDirectory } from '../../job/paths';
import { quote } from '../../shell/quote';
import { beginPart, readParts } from '../../shell/parts';
import { commandFailed } from '../remote/failure';
import { newMark } from '../remote/mark';
import { runScript, type Shell } from '../remote/script';

/** The most job directories that are looked at. */
export const MOST_JOBS = 20_000;

/** Job directories in one answer, which stays within what an answer may hold. */
const PAGE = 40;

/** The most bytes of a file that count: a longer one is none of ours. */
const LONGEST = 65_536;

/** Seconds for a page; a shared file system takes its time for each folder. */
const PAGE_SECONDS = 300;

/** What lies below a base folder: ids of ours, and how many are somebody else's. */
export interface Listed {
  ids: string[];
  foreign: number;
  /** Those of which only what was kept is there (keptUpload.ts). */
  waited: string[];
  isCut: boolean;
}

/** What a job directory has that tells of its job. */
export interface JobDirectory {
  id: string;
  /** When it was claimed for its submission, by the clock there; null when it never was. */
  claimedAt: number | null;
  /** The text of files, by name; null for one that is too long. */
  files: Map<string, string | null>;
}

const TELLING = [FILES.jobFile, FILES.submitOut, FILES.runId];

/** The names that look like jobs below the base folder. A folder counts that is no link and belongs to whoever logs in. */
export async function listDirectories(shell: Shell, { baseFolder }: Cluster): Promise<Listed> {
  const answer = await runScript(shell, {
    body: `export LC_ALL=C
cd -- ${quote(baseFolder)} 2>/dev/null || exit 0
left=${MOST_JOBS}
for job in [a-z]${'[a-z0-9]'.repeat(7)}; do
  [ -d "$job" ] || continue
  [ "$left" -gt 0 ] || { echo cut; break; }
  left=$((left - 1))
  if [ -O "$job" ] && [ ! -L "$job" ]; then echo "$job"; else echo foreign; fi
done
for kept in [a-z]${'[a-z0-9]'.repeat(7)}.tar; do
  if [ -f "$kept" ] && [ ! -e "\${kept%.tar}" ] && [ -O "$kept" ] && [ ! -L "$kept" ]; then echo "$kept"; fi
done
exit 0`,
    timeoutSeconds: PAGE_SECONDS
  });
  const lines = answer.stdout.split('\n');
  return {
    ids: lines.filter(line => /^[a-z][a-z0-9]{7}$/.test(line)),
    foreign: lines.filter(line => line === 'foreign').length,
    waited: lines
      .filter(line => /^[a-z][a-z0-9]{7}\.tar$/.test(line))
      .map(line => line.slice(0, 8)),
    isCut: lines.includes('cut')
  };
}

/** What these job directories tell, a page at a time. */
export async function* readDirectories(
  shell: Shell,
  cluster: Cluster,
  ids: readonly string[]
): AsyncGenerator<JobDirectory> {
  for (let from = 0; from < ids.length; from += PAGE) {
    const page = ids.slice(from, from + PAGE);
    const mark = newMark();
    const answer = await runScript(shell, {
      body: `export LC_ALL=C
tell() (
  cd -- "$1" || exit
  ${beginPart(mark, 'job %s %s', '"$1"', `"$(stat -c %Y ${FILES.submitClaim} 2>/dev/null)"`)}
  for file in ${TELLING.join(' ')}; do
    if [ -f "$file" ] && [ ! -L "$file" ] && [ -O "$file" ]; then
      ${beginPart(mark, 'file %s', '"$file"')}
      head -c ${LONGEST + 1} -- "$file"
    fi
  done
)
cd -- ${quote(cluster.baseFolder)} || exit 1
for job in ${page.join(' ')}; do
  if [ -d "$job" ] && [ ! -L "$job" ] && [ -O "$job" ]; then tell "$job"; fi
done
exit 0`,
      timeoutSeconds: PAGE_SECONDS
    });
    if (answer.exitCode !== 0) {
      throw commandFailed(cluster, shell.remote, 'cd', answer);
    }
    yield* read(answer.stdout, mark);
  }
}

function read(text: string, mark: string): JobDirectory[] {
  const found: JobDirectory[] = [];
  for (const part of readParts(text, mark)) {
    const [name = '', at = ''] = part.rest.split(' ');
    if (part.kind === 'job') {
      found.push({
        id: name,
        claimedAt: /^\d{1,11}$/.test(at) ? Number(at) : null,
        files: new Map()
      });
    } else {
      const isTooLong = Buffer.byteLength(part.text) > LONGEST;
      found.at(-1)?.files.set(name, isTooLong ? null : part.text);
    }
  }
  return found;
}

/** The script of a job as it was sent. */
export async function readScript(shell: Shell, record: JobRecord): Promise<string> {
  const script = `${jobDirectory(record.cluster.baseFolder, record.id)}/${FILES.script}`;
  const answer = await runScript(shell, { body: `head -c 1000000 -- ${quote(script)}` });
  if (answer.exitCode !== 0) {
    throw problem('no-such-log', { log: FILES.script });
  }
  return answer.stdout;
}
