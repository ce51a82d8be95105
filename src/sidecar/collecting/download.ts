import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { JobRecord } from '../../api/job';
import type { LeftReason } from '../../api/resultFiles';
import { jobDirectory } from '../../job/paths';
import { quote } from '../../shell/quote';
import { type ClusterShell, isFilesApart, transferHostApart } from '../clusters/shell';
import type { Disk } from '../files/disk';
import { commandFailed } from '../remote/failure';
import type { RemoteAnswer } from '../remote/remote';
import { runScript, type Shell } from '../remote/script';
import { Stall, TRANSFER_SECONDS } from '../remote/stall';
import { PACK, parsePackFaults } from '../remote/tarCommands';
import { BrokenArchive, type Place, mostBytes, pump, unpack } from './unpack';

/** The last status of tar that is about single files: 1 where one has changed while it was read, 2 where one cannot be. */
const ABOUT_FILES = 2;

/** How the command ends where there is no job directory, which the list of files was just read from. */
const NO_FOLDER = 95;

/** One file to fetch: where it is below the job directory, its length, and the path that it gets below the target folder. */
export interface Wanted {
  source: string;
  bytes: number;
  path: string;
}

/**
 * Fetches files of a job directory into a folder that is ours alone, in one remote command. Only what was asked for
 * is taken out of the archive, only under the name that was asked for, and only as long as it was said to be.
 *
 * @returns why files have not come, by their paths: whatever is wrong with one, the others have.
 */
export async function download(
  clusterShell: ClusterShell,
  disk: Disk,
  record: JobRecord,
  wanted: readonly Wanted[],
  target: string
): Promise<Map<string, LeftReason>> {
  const { files: shell } = clusterShell;
  const directory = jobDirectory(record.cluster.baseFolder, record.id);
  const asked = new Map<string, Place>();
  for (const { bytes, path: name, source } of wanted) {
    const places = [...(asked.get(source)?.places ?? []), path.join(target, name)];
    asked.set(source, { bytes, places });
  }
  if (asked.size === 0) {
    return new Map();
  }
  const sources = [...asked.keys()];
  const stall = new Stall(shell.remote.stallSeconds);
  const received = new PassThrough();
  const archived = extract();
  const giveUp = (error: unknown): never => {
    // Whoever still writes or reads must not wait for ever.
    received.destroy();
    archived.destroy();
    throw error;
  };
  const running = runScript(shell, {
    body: `${PACK}\ncd ${quote(directory)} || exit ${NO_FOLDER}; pack <&3`,
    input: nulSeparated(sources),
    output: received,
    timeoutSeconds: TRANSFER_SECONDS,
    signal: stall.signal
  });
  const [answer, , unpacked] = await Promise.all([
    running.catch(giveUp),
    pump(received, archived, mostBytes(asked.values()), () => stall.moved()).catch(giveUp),
    unpack(disk, archived, asked).catch(giveUp)
  ])
    .catch(async (error: unknown) => {
      throw error instanceof BrokenArchive
        ? await cut(clusterShell, record, running, error)
        : error;
    })
    .finally(() => stall.over());
  const missing = sources.filter(source => !unpacked.arrived.has(source));
  const reasons = missing.length > 0 ? await explain(shell, directory, missing) : [];
  const status = answer.exitCode ?? Infinity;
  if (
    status > ABOUT_FILES ||
    (missing.length === sources.length && reasons.every(why => why === 'broken'))
  ) {
    throw commandFailed(record.cluster, shell.remote, 'tar', answer);
  }
  const left = new Map<string, LeftReason>(unpacked.unnamable.map(place => [place, 'name']));
  const leave = (source: string, why: LeftReason): void =>
    asked.get(source)?.places.forEach(place => left.set(place, why));
  missing.forEach((source, index) => leave(source, reasons[index] ?? 'broken'));
  unpacked.changed.forEach(source => leave(source, 'changed'));
  for (const [source, fault] of parsePackFaults(answer.stderr)) {
    for (const place of asked.get(source)?.places ?? []) {
      // What was filled up is not what the job wrote.
      await disk.rm(place, { force: true });
    }
    leave(source, fault);
  }
  return new Map([...left].map(([place, why]) => [path.relative(target, place), why]));
}

/** The problem of an archive that was cut, with what the command says of it where that has ended by itself. */
async function cut(
  shell: ClusterShell,
  { cluster }: JobRecord,
  running: Promise<RemoteAnswer>,
  error: BrokenArchive
): Promise<unknown> {
  const nothing = { stdout: '', stderr: '', exitCode: null, signal: null };
  const answer = await running.catch(() => nothing);
  if (answer.exitCode === NO_FOLDER && isFilesApart(shell)) {
    return transferHostApart(shell, cluster.baseFolder);
  }
  const stderr = `${answer.stderr}${error.message}\n`;
  return commandFailed(cluster, shell.files.remote, 'tar', { ...answer, stderr });
}

/** Why files are not in an archive, as they are now. */
async function explain(
  shell: Shell,
  directory: string,
  missing: readonly string[]
): Promise<LeftReason[]> {
  const { stdout } = await runScript(shell, {
    body: `cd ${quote(directory)} || exit 1
while IFS= read -r -d '' file; do
  if [ ! -e "$file" ] && [ ! -L "$file" ]; then echo gone
  elif [ ! -f "$file" ] || [ -L "$file" ]; then echo changed
  elif [ ! -r "$file" ]; then echo unreadable
  else echo broken; fi
done <&3`,
    input: nulSeparated(missing)
  });
  const said = stdout.split('\n');
  return missing.map((_, index) => EXPLAINED.find(reason => reason === said[index]) ?? 'broken');
}

const EXPLAINED = ['gone', 'changed', 'unreadable', 'broken'] as const;

function nulSeparated(names: readonly string[]): Readable {
  return Readable.from([Buffer.from(names.map(name => `${name}\0`).join(''))]);
}
