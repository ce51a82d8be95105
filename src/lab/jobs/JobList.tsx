import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { IJobs } from '../tokens';
import { JobFilter } from './JobFilter';
import { JobRow } from './JobRow';
import { ProblemView } from './ProblemView';
import { ShowMore } from './ShowMore';
import { Clock } from './clock';
import { filterJobs } from './filterJobs';
import type { RowContext } from './rowContext';
import { useChanged } from './useChanged';
import { useStateNews } from './useStateNews';

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
  const { list, phase, problem } = jobs;
  const found = filterJobs(list, text, trans);
  const isOffline = phase === 'offline';
  const isAsking = phase === 'idle' || phase === 'loading';
  return (
    <section
      ref={section}
      className={`jp-SubmitJobs${isOffline ? ' jp-mod-offline' : ''}`}
      aria-label={trans.__('Jobs')}
      aria-busy={isAsking}
    >
      <output className="jp-sr-only">{news}</output>
      {isOffline && problem !== null && (
        <ProblemView
          problem={problem}
          trans={trans}
          actions={[{ label: trans.__('Retry'), run: () => jobs.retry() }]}
        />
      )}
      {isOffline && list.length > 0 && (
        <p className="jp-SubmitJobs-note">{trans.__('Last known:')}</p>
      )}
      {list.length === 0 && !isOffline && (
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
        {found.slice(0, most).map(job => {
          const action = jobs.action(job.id);
          const { notebook } = job.result;
          return (
            <JobRow
              key={job.id}
              job={job}
              context={context}
              path={notebook === null ? null : jobs.contentsPath(notebook)}
              action={action?.name ?? null}
              actionProblem={action?.problem ?? null}
            />
          );
        })}
      </ul>
      <ShowMore
        shown={Math.min(most, found.length)}
        all={found.length}
        trans={trans}
        onMore={() => setMost(most + PAGE)}
      />
    </section>
  );
}
