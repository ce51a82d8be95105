import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { useEffect, useMemo, useRef, useState } from 'react';
import { problem as problemOf } from '../../api/problem';
import { type Explanation, problemWords } from '../../words';
import type { IJobs } from '../tokens';
import { JobFilter } from './JobFilter';
import { Boundary } from './Boundary';
import { JobRow } from './JobRow';
import { PlainRow } from './PlainRow';
import { ProblemView } from '../parts/ProblemView';
import { ShowMore } from './ShowMore';
import { Clock } from './clock';
import { filterJobs } from './filterJobs';
import type { RowContext } from './rowContext';
import { useChanged } from '../parts/useChanged';
import { useFocusKept } from './useFocusKept';
import { useStateNews } from './useStateNews';
import { useSubmittedInSight } from './useSubmittedInSight';

export interface JobListProps {
  jobs: IJobs;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** How many jobs are shown, and how many more at each wish. */
const PAGE = 50;

/** From how many jobs on there is something to filter. */
const MANY = 11;

/** The jobs, newest first, with what can be done with each. */
export function JobList({ commands, jobs, trans }: JobListProps) {
  useChanged(jobs.changed);
  const news = useStateNews(jobs.list, trans);
  const context = useMemo((): RowContext => {
    // The times of a list that is only the last known one stand still.
    const clock = new Clock(() => jobs.phase !== 'offline');
    return { jobs, commands, trans, clock };
  }, [jobs, commands, trans]);
  const section = useRef<HTMLElement>(null);
  useEffect(() => context.clock.showIn(section.current), [context]);
  const [text, setText] = useState('');
  const [most, setMost] = useState(PAGE);
  const { list, notices, phase, problem, unreadable } = jobs;
  const found = filterJobs(list, text, trans);
  const shown = found.slice(0, most);
  const focus = useFocusKept(shown, section);
  useSubmittedInSight(jobs, section);
  const isOffline = phase === 'offline';
  const isAsking = phase === 'idle' || phase === 'loading';
  return (
    <section
      ref={section}
      className={`jp-SubmitJobs${isOffline ? ' jp-mod-offline' : ''}`}
      aria-label={trans.__('Jobs')}
      aria-busy={isAsking}
      tabIndex={-1}
      {...focus}
    >
      <output className="jp-sr-only">{news}</output>
      {isOffline && problem !== null && (
        <ProblemView
          problem={problem}
          trans={trans}
          actions={[{ label: trans.__('Retry'), run: () => jobs.retry() }]}
        />
      )}
      {notices.map(notice => (
        <ProblemView
          key={JSON.stringify(notice)}
          problem={notice}
          trans={trans}
          onDismiss={() => jobs.dismissNotices()}
        />
      ))}
      {isOffline && list.length > 0 && (
        <p className="jp-SubmitJobs-note">{trans.__('Last known:')}</p>
      )}
      {list.length + unreadable.length === 0 && !isOffline && (
        <p className="jp-SubmitJobs-empty">
          {isAsking
            ? trans.__('Looking for your jobs…')
            : trans.__('Jobs appear here, from their submission to the result.')}
        </p>
      )}
      {(list.length >= MANY || text !== '') && (
        <JobFilter text={text} found={found.length} trans={trans} onChange={setText} />
      )}
      <ul className="jp-SubmitJobs-list">
        {shown.map(job => {
          const action = jobs.action(job.id);
          const { notebook } = job.result;
          return (
            <Boundary
              key={job.id}
              of={job}
              instead={<PlainRow id={job.id} words={undrawnWords(job.id, trans)} />}
            >
              <JobRow
                job={job}
                context={context}
                path={notebook === null ? null : jobs.contentsPath(notebook)}
                action={action?.name ?? null}
                actionProblem={action?.problem ?? null}
              />
            </Boundary>
          );
        })}
        {unreadable.map(id => (
          <PlainRow key={id} id={id} words={unreadableWords(id, trans)} />
        ))}
      </ul>
      <ShowMore
        shown={shown.length}
        all={found.length}
        trans={trans}
        onMore={() => setMost(most + PAGE)}
      />
    </section>
  );
}

function unreadableWords(id: string, trans: TranslationBundle): Explanation {
  return problemWords(problemOf('job-unreadable', { id }).problem, trans);
}

/** Of a record that can be read, and that a row cannot be made of. */
function undrawnWords(id: string, trans: TranslationBundle): Explanation {
  return {
    title: trans.__('This job cannot be shown here.'),
    advice: trans.__('Look at it in a terminal: jupyter submit show %1', id),
    details: ''
  };
}
