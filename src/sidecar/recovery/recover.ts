import path from 'node:path';
import type { JobRecord } from '../../api/job';
import { type HereFile, NO_FILES, withFiles } from '../../api/resultFiles';
import type { RecoverAnswer, RecoverRequest } from '../../api/routes';
import { folderOf } from '../../job/paths';
import { resultPaths } from '../../job/resultPaths';
import type * as v from 'valibot';
import type { Clock } from '../process/clock';
import type { Log } from '../process/log';
import type { Jobs } from '../records/jobs';
import type { ClusterSources } from '../clusters/clusters';
import { type Disk, diskOf } from '../files/disk';
import { fillInPart } from '../clusters/fillIn';
import type { Life } from '../lifecycle/life';
import { type Ways, shellOf } from '../clusters/shell';
import { behalfOf } from '../remote/asker';
import { listDirectories, readDirectories } from './recoverLooks';
import { recoveredJob } from './recoveredJob';
import { machineName } from '../clusters/thisMachine';

/** The most files of a result that are taken for those that came before; the others are fetched again, and are the same. */
const MOST_FILES = 100_000;

/** What finding lost jobs uses. */
export interface Recovering extends ClusterSources, Ways {
  jobs: Jobs;
  clock: Clock;
  log: Log;
}

/**
 * Makes records of the jobs below a cluster's base folder that have none, and goes on with them as with all others. Jobs with
 * a record are left as they are, so that it may be asked for at any time, and again.
 *
 * @throws ProblemError for a cluster that cannot be chosen or reached.
 */
export async function recoverJobs(
  context: Recovering,
  life: Pick<Life, 'goOn'>,
  { all, asks, caller, cluster: name }: v.InferOutput<typeof RecoverRequest>
): Promise<RecoverAnswer> {
  const { clock, jobs, log } = context;
  const { cluster } = await fillInPart(
    { form: { cluster: name }, caller },
    context,
    behalfOf({ asks })
  );
  const shell = shellOf(context, cluster);
  const { foreign, ids, isCut, waited } = await listDirectories(shell, cluster);
  const unread = new Set(jobs.unreadable());
  const unknown = ids.filter(id => jobs.find(id) === undefined && !unread.has(id));
  const machines = new Set<string>();
  const answer: RecoverAnswer = {
    recovered: [],
    known: ids.length - unknown.length,
    notSubmitted: 0,
    foreign,
    elsewhere: { jobs: 0, machines: [] },
    unreadable: [],
    waited: waited
      .filter(id => jobs.find(id) === undefined && !unread.has(id))
      .map(id => `${cluster.baseFolder}/${id}.tar`),
    isCut
  };
  for await (const directory of readDirectories(shell, cluster, unknown)) {
    const found = recoveredJob(directory, cluster, clock.now());
    if (found.kind === 'not-submitted') {
      answer.notSubmitted += 1;
    } else if (found.kind === 'unreadable') {
      answer.unreadable.push(directory.id);
    } else if (!all && found.machine !== null && found.machine !== machineName()) {
      answer.elsewhere.jobs += 1;
      machines.add(found.machine);
    } else if (jobs.find(directory.id) === undefined) {
      const { record } = found;
      const source = folderOf(record.spec.notebook);
      const { come, result } = await resultHere(record);
      jobs.add({ ...record, result: { ...record.result, ...result } }, null);
      if (come.length > 0) {
        jobs.update(record.id, {}, { come });
      }
      log.info({ job: record.id, cluster: cluster.name }, 'recovered');
      answer.recovered.push({
        id: record.id,
        isBare: found.isBare,
        hasSource: await isFolder(source)
      });
      life.goOn(jobs.get(record.id));
    }
  }
  answer.elsewhere.machines = [...machines].toSorted().slice(0, 20);
  return answer;
}

/** What of the result has come home before the record was lost: it is compared with what the cluster has, as ever. */
async function resultHere({
  id,
  resultsFolder,
  spec
}: JobRecord): Promise<{ result: Partial<JobRecord['result']>; come: HereFile[] }> {
  const { folder, notebook } = resultPaths(spec.notebook, id, resultsFolder);
  const disk = diskOf(folderOf(notebook), 'read');
  const found = await disk.lstat(notebook).catch(() => null);
  if (!found?.isFile()) {
    return { result: {}, come: [] };
  }
  const come = await filesBelow(disk, folder);
  return {
    result: {
      notebook,
      notebookBytes: found.size,
      ...(come.length > 0 && { folder, files: withFiles(NO_FILES, come) })
    },
    come
  };
}

async function filesBelow(disk: Disk, folder: string): Promise<HereFile[]> {
  const entries = await disk
    .readdir(folder, { recursive: true, withFileTypes: true })
    .catch(() => []);
  const files: HereFile[] = [];
  for (const entry of entries.slice(0, MOST_FILES)) {
    const file = path.join(entry.parentPath, entry.name);
    const found = await disk.lstat(file).catch(() => null);
    if (found?.isFile() || found?.isSymbolicLink()) {
      const bytes = found.isFile() ? found.size : 0;
      files.push({ path: path.relative(folder, file), bytes });
    }
  }
  return files;
}

async function isFolder(folder: string): Promise<boolean> {
  return diskOf(folder, 'read')
    .stat(folder)
    .then(
      found => found.isDirectory(),
      () => false
    );
}
