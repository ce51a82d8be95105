import path from 'node:path';
import type { JobRecord } from '../api/job';
import { jobFile } from '../job/jobFile';
import { fileName, folderName, folderOf, jobPaths } from '../job/paths';
import { schedulers } from '../schedulers';
import type { Context } from './context';
import { machineName } from './thisMachine';
import { scriptOf } from './plan';
import type { Submission } from './store';
import type { Sent } from './upload';

/** The file with the checksums of all that is sent. */
export const CHECKSUMS = 'upload.sha256';

/** Everything that a job is sent with; the job file last, so that where it is, all is. */
export function cargo(context: Context, record: JobRecord, submission: Submission): Sent[] {
  const { id, spec, cluster } = record;
  const { runner } = jobPaths(cluster.baseFolder, id, spec.notebook);
  const root = folderOf(spec.notebook);
  const folder = `work/${folderName(spec.notebook)}`;
  return [
    { path: 'script.sh', text: scriptOf(id, spec, cluster), mode: 0o700 },
    { path: fileName(runner), file: context.runner },
    { path: 'logs/', folder: true },
    { path: `${folder}/`, folder: true },
    ...submission.folders.map(
      // `../figures` lies beside the notebook's folder, in work/ as here.
      name => ({ path: path.posix.normalize(`${folder}/${name}/`), folder: true }) as const
    ),
    ...submission.files.map(name => ({ path: `${folder}/${name}`, file: path.join(root, name) })),
    { path: `${folder}/${fileName(spec.notebook)}`, text: submission.notebook },
    { path: CHECKSUMS, checksums: true },
    {
      path: 'job.json',
      text: jobFile(schedulers[cluster.scheduler], id, spec, cluster, submission, {
        createdAt: record.createdAt,
        machine: machineName()
      })
    }
  ];
}
