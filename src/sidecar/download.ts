import { rm } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { extract } from 'tar-stream';
import type { JobRecord } from '../api/job';
import type { LeftReason } from '../api/resultFiles';
import { jobPaths } from '../job/paths';
import { quote } from '../schedulers/text';
import { commandFailed } from './remote/failure';
import { runScript, type Shell } from './remote/script';
import { PACK, parsePackFaults } from './tarCommands';
import { pump, unpack } from './unpack';

/** Seconds that fetching files may take. */
const DOWNLOAD_SECONDS = 4 * 3600;

/** The last status of tar that is about single files: 1 where one has changed while it was read, 2 where one cannot be. */
const ABOUT_FILES = 2;

/** One file to fetch: where it is below the job directory, and the path that it gets below the target folder. */
export interface Wanted {
  source: string;
  path: string;
}

/**
 * Fetches files of a job directory into a folder that is ours alone, in one remote command. Only what was asked for
 * is taken out of the archive, and only under the name that was asked for.
 *
 * @returns why files have not come, by their paths: whatever is wrong with one, the others have.
 */
export async function download(
  shell: Shell,
  record: JobRecord,
  wanted: readonly Wanted[],
  target: string
): Promise<Map<string, LeftReason>> {
  const { directory } = jobPaths(record.cluster.baseFolder, record.id, record.spec.notebook);
  const places = new Map<string, string[]>();
  for (const { source, path: name } of wanted) {
    places.set(source, [...(places.get(source) ?? []), path.join(target, name)]);
  }
  if (places.size === 0) {
    return new Map();
  }
  const received = new PassThrough();
  const archived = extract();
  const giveUp = (error: unknown): never => {
    // Whoever still writes or reads must not wait for ever.
    received.destroy();
    archived.destroy();
    throw error;
  };
  const [answer, , unpacked] = await Promise.all([
    runScript(shell, {
      body: `${PACK}\ncd ${quote(directory)} && pack <&3`,
      input: nulSeparated([...places.keys()]),
      output: received,
      timeoutSeconds: DOWNLOAD_SECONDS
    }).catch(giveUp),
    pump(received, archived).catch(giveUp),
    unpack(archived, places).catch(giveUp)
  ]);
  const missing = [...places.keys()].filter(source => !unpacked.arrived.has(source));
  const reasons = missing.length > 0 ? await explain(shell, directory, missing) : [];
  const status = answer.exitCode ?? Infinity;
  if (status > ABOUT_FILES || (isAll(missing, places) && reasons.every(why => why === 'broken'))) {
    throw commandFailed(record.cluster, shell.remote, 'tar', answer);
  }
  const left = new Map<string, LeftReason>(unpacked.unnamable.map(place => [place, 'name']));
  missing.forEach((source, index) => {
    places.get(source)?.forEach(place => left.set(place, reasons[index] ?? 'broken'));
  });
  for (const [source, fault] of parsePackFaults(answer.stderr)) {
    for (const place of places.get(source) ?? []) {
      // What was filled up is not what the job wrote.
      await rm(place, { force: true });
      left.set(place, fault);
    }
  }
  return new Map([...left].map(([place, why]) => [path.relative(target, place), why]));
}

/** Where not one of several files is in an archive, it is more likely the archive that is wrong. */
function isAll(missing: readonly string[], places: ReadonlyMap<string, unknown>): boolean {
  return missing.length > 0 && missing.length === places.size;
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
