import { useEffect, useRef, useState } from 'react';
import type { JobRecord, JobState } from '../../api/job';
import type { Translator } from '../../api/translation';
import { stateLabel } from '../../words';

/** What has changed in the states of these jobs since they were drawn last, for those who listen: `analysis: done`. */
export function useStateNews(jobs: readonly JobRecord[], trans: Translator): string {
  const known = useRef<ReadonlyMap<string, JobState> | null>(null);
  const [news, setNews] = useState('');
  useEffect(() => {
    const before = known.current;
    known.current = new Map(jobs.map(job => [job.id, job.state]));
    // A job that was not there before is told by whoever submits it.
    const changed = jobs.filter(job => {
      const state = before?.get(job.id);
      return state !== undefined && state !== job.state;
    });
    if (changed.length > 0) {
      setNews(
        changed
          .map(job => trans.__('%1: %2', job.spec.name, stateLabel(job.state, trans)))
          .join('; ')
      );
    }
  }, [jobs, trans]);
  return news;
}
