import path from 'node:path';
import type { JobRecord } from '../../api/job';
import { FILES } from '../../api/jobDirectory';
import { jobFile } from '../../job/jobFile';
import { fileName, folderOf, workFolder } from '../../job/paths';
import { schedulers } from '../../schedulers';
import { machineName } from '../clusters/thisMachine';
import { scriptOf } from './plan';
import type { PendingSubmission } from '../records/store';
import type { Sent } from './upload';

/**
 * Everything that a job is sent with; the job file last, so that where it is, all is.
 *
 * @param runner The file of the runner.
 */
export function cargo(runner: string, record: JobRecord, submission: PendingSubmission): Sent[] {
  const { id, spec, cluster } = record;
  const root = folderOf(spec.notebook);
  const folder = workFolder(spec.notebook);
  return [
    { path: FILES.script, text: scriptOf(id, spec, cluster), mode: 0o700 },
    { path: FILES.runner, file: runner },
    { path: `${FILES.logs}/`, folder: true },
    { path: `${folder}/`, folder: true },
    ...submission.folders.map(
      // `../figures` lies beside the notebook's folder, in work/ as here.
      name => ({ path: path.posix.normalize(`${folder}/${name}/`), folder: true }) as const
    ),
    ...submission.files.map(name => ({ path: `${folder}/${name}`, file: path.join(root, name) })),
    { path: `${folder}/${fileName(spec.notebook)}`, text: submission.notebook },
    { path: FILES.checksums, checksums: true },
    {
      path: FILES.jobFile,
      text: jobFile(schedulers[cluster.scheduler], id, spec, cluster, submission, {
        createdAt: record.createdAt,
        machine: machineName()
      })
    }
  ];
}
