import path from 'node:path';
import { readSchedulerId } from '../../api/bounds';
import type { Cluster } from '../../api/cluster';
import { formatClock } from '../../api/duration';
import { formOf } from '../../api/formOf';
import type { JobRecord } from '../../api/job';
import { FILES } from '../../api/jobDirectory';
import { type JobForm, type JobSpec, parseJobSpec } from '../../api/jobSpec';
import { JobFile, readRunFile } from '../../api/runFiles';
import { toldOf } from '../../job/jobFile';
import { fileName, workFolder } from '../../job/paths';
import { schedulers } from '../../schedulers';
import { readAnswer } from '../submission/attempt';
import { bareJob } from '../submission/newJob';
import type { JobDirectory } from './recoverLooks';

/** What a job directory makes of a record. */
export type Recovered =
  | { kind: 'job'; record: JobRecord; isBare: boolean; machine: string | null }
  | { kind: 'not-submitted' }
  | { kind: 'unreadable' };

/** Where the notebook of a job is taken to be of which only its folder's name is known: nothing can be put there. */
const UNKNOWN = '/unknown-folder';

/**
 * The record that a job directory tells of. It says only how far the job had come when it was submitted: what became of it
 * is for the looks at its files and the queue.
 *
 * @param now Seconds since 1970, by our clock: that of a cluster may be ahead.
 */
export function recoveredJob(
  { claimedAt, files, id }: JobDirectory,
  cluster: Cluster,
  now: number
): Recovered {
  const text = files.get(FILES.jobFile);
  const submission = submissionOf(files, cluster, claimedAt);
  if (submission === 'none' || text === undefined) {
    return { kind: 'not-submitted' };
  }
  const file = text === null ? null : readRunFile(JobFile, text);
  const spec = file === null ? null : specOf(file, cluster);
  if (file?.id !== id || spec === null) {
    return { kind: 'unreadable' };
  }
  const createdAt = Math.min(now, file.record?.createdAt ?? claimedAt ?? now);
  const submittedAt = Math.max(createdAt, Math.min(now, claimedAt ?? createdAt));
  const { schedulerId } = submission;
  return {
    kind: 'job',
    isBare: file.record === undefined,
    machine: file.record?.machine ?? null,
    record: {
      // Without a digest: what a cluster says of the source proves nothing of what it ran.
      ...bareJob(id, spec, cluster, createdAt),
      state: schedulerId === null ? 'preparing' : 'queued',
      submittedAt: schedulerId === null ? null : submittedAt,
      schedulerId,
      // Only the cluster can tell whether it was submitted.
      step: schedulerId === null ? { name: 'checking', bytes: 0 } : null,
      isRecovered: true
    }
  };
}

/** Its id in the queue, null while that is open; 'none' for a job that never was there, and never will be. */
function submissionOf(
  files: JobDirectory['files'],
  { scheduler }: Cluster,
  claimedAt: number | null
): { schedulerId: string | null } | 'none' {
  // Its own files first, as when it was submitted.
  const startedAs = readSchedulerId((files.get(FILES.runId) ?? '').trim());
  if (startedAs !== null) {
    return { schedulerId: startedAs };
  }
  const said = files.get(FILES.submitOut);
  if (said === undefined || said === null) {
    return claimedAt === null ? 'none' : { schedulerId: null };
  }
  const answer = readAnswer(said);
  if (answer.kind !== 'answer') {
    return 'none';
  }
  const schedulerId = schedulers[scheduler].parseJobId(answer.stdout);
  return schedulerId === null && answer.exitCode !== 0 ? 'none' : { schedulerId };
}

/**
 * The spec, checked as a person's form is: a job can write into its folder. Null when it makes no sense, or is not of this
 * directory.
 */
function specOf(file: JobFile, cluster: Cluster): JobSpec | null {
  const form = file.record ? formOf(toldOf(file.record.spec)) : bareForm(file);
  const read = parseJobSpec({ ...form, cluster: cluster.name });
  if (!read.ok) {
    return null;
  }
  const { notebook } = read.value;
  const isOfDirectory =
    path.posix.normalize(notebook) === notebook &&
    fileName(notebook) === file.notebook &&
    workFolder(notebook) === file.directory;
  return isOfDirectory ? { ...read.value, engines: file.engines } : null;
}

/** All that earlier versions tell. */
function bareForm({ allowErrors, directory, engines, limitSeconds, notebook }: JobFile): JobForm {
  return {
    notebook: path.posix.join(UNKNOWN, fileName(directory), notebook),
    cores: Math.max(1, engines),
    time: formatClock(limitSeconds),
    allowErrors
  };
}
