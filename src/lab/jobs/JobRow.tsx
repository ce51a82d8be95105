import { memo, useEffect, useState } from 'react';
import { type JobRecord, isTerminal } from '../../api/job';
import type { Problem } from '../../api/problem';
import { neverStarts } from '../../api/waiting';
import type { Reader } from '../../words';
import type { JobAction } from '../tokens';
import { Boundary } from './Boundary';
import { RowAction } from './RowAction';
import { RowHeader } from './RowHeader';
import { RowNext } from './RowNext';
import { RowProgress } from './RowProgress';
import { RowTimes } from './RowTimes';
import { Undrawn } from './Undrawn';
import type { Clock } from './clock';
import type { RowContext } from './rowContext';
import { rowWords } from './rowWords';

export interface JobRowProps {
  job: JobRecord;
  context: RowContext;
  /** The result as a path of Jupyter's contents; null outside of what this server shows, undefined while not known. */
  path: string | null | undefined;
  /** What is being done with the job; null when nothing is. */
  action: JobAction | null;
  /** Why that did not work. */
  actionProblem: Problem | null;
}

/** A job in the list. It is drawn again when its record changes, and every second while the job is active. */
export const JobRow = memo(function JobRow(props: JobRowProps) {
  const { action, actionProblem, context, job } = props;
  const isOver = isTerminal(job.state);
  const reader: Reader = { trans: context.trans, now: useNow(context.clock, !isOver) };
  const [hasTimes, setHasTimes] = useState(false);
  const { line, short } = rowWords(job, reader);
  return (
    <li
      className="jp-SubmitJob"
      data-state={job.state}
      data-attention={neverStarts(job.queue?.wait ?? null)}
      data-job={job.id}
    >
      <RowHeader
        job={job}
        context={context}
        short={short}
        onTimes={() => setHasTimes(open => !open)}
      />
      <div className="jp-SubmitJob-body">
        {line !== '' && (
          <div className="jp-SubmitJob-line" title={line}>
            {line}
          </div>
        )}
        {!isOver && <RowProgress job={job} reader={reader} />}
        <RowNext
          job={job}
          context={context}
          reader={reader}
          path={props.path}
          isBusy={action !== null && actionProblem === null}
        />
        {action !== null && (
          <RowAction job={job} context={context} name={action} problem={actionProblem} />
        )}
        {hasTimes && (
          <Boundary of={job} instead={<Undrawn trans={context.trans} />}>
            <RowTimes job={job} reader={reader} onClose={() => setHasTimes(false)} />
          </Boundary>
        )}
      </div>
    </li>
  );
});

/** What time it is, in seconds since 1970; the component is drawn again every second while it `ticks`. */
function useNow(clock: Clock, ticks: boolean): number {
  const [now, setNow] = useState(inSeconds);
  useEffect(() => (ticks ? clock.listen(() => setNow(inSeconds())) : undefined), [clock, ticks]);
  return now;
}

function inSeconds(): number {
  return Date.now() / 1000;
}
