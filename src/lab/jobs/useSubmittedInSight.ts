import { type RefObject, useEffect, useState } from 'react';
import type { IJobs } from '../tokens';
import { rowOf } from './rowOf';

/**
 * Brings the row of a job into sight when the person submits it: in a list that is scrolled the browser keeps what stands
 * there where it is, and the new row above out of sight.
 */
export function useSubmittedInSight(jobs: IJobs, section: RefObject<HTMLElement | null>): void {
  // An object each time: a job that failed to be sent may be submitted again under its id.
  const [submitted, setSubmitted] = useState<{ id: string } | null>(null);
  useEffect(() => {
    const note = (_: IJobs, { id }: { id: string }): void => setSubmitted({ id });
    jobs.begun.connect(note);
    return () => void jobs.begun.disconnect(note);
  }, [jobs]);
  useEffect(() => {
    if (submitted !== null) {
      rowOf(submitted.id, section.current)?.scrollIntoView({ block: 'nearest' });
    }
  }, [submitted, section]);
}
