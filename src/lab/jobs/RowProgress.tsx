import type { JobRecord } from '../../api/job';
import { type Reader, engineWords } from '../../words';
import { progressOf } from './progressOf';

/** How far a job is: its bar, the times beside it, and where it runs. */
export function RowProgress({ job, reader }: { job: JobRecord; reader: Reader }) {
  const progress = progressOf(job, reader);
  // While they start, the line above counts the engines.
  const engines = job.state === 'starting' ? '' : engineWords(job, reader.trans);
  return (
    <>
      {progress !== null && (
        <>
          <progress
            className="jp-SubmitJob-bar"
            aria-label={job.spec.name}
            aria-valuetext={progress.said}
            value={progress.share}
          />
          <div className="jp-SubmitJob-times">
            <span>{progress.inCell}</span>
            <span>{progress.elapsed}</span>
          </div>
        </>
      )}
      <div className="jp-SubmitJob-place">
        <span title={job.cluster.title}>{job.cluster.title}</span>
        {engines !== '' && <span>{` · ${engines}`}</span>}
      </div>
    </>
  );
}
