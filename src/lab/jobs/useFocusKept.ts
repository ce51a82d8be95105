import { type FocusEvent, type RefObject, useEffect, useRef } from 'react';
import type { JobRecord } from '../../api/job';
import { rowOf } from './rowOf';

/** What the list listens to. */
interface Listeners {
  onFocus: (event: FocusEvent<HTMLElement>) => void;
  onBlur: () => void;
}

/**
 * Keeps the keyboard in the list when the row that has the focus is removed: the row that takes its place has it then, and
 * the list itself when there is none.
 */
export function useFocusKept(
  shown: readonly JobRecord[],
  section: RefObject<HTMLElement | null>
): Listeners {
  const focused = useRef<{ id: string; place: number } | null>(null);
  useEffect(() => {
    const last = focused.current;
    if (last === null || rowOf(last.id, section.current) !== null) {
      return;
    }
    focused.current = null;
    const next = shown[Math.min(last.place, shown.length - 1)];
    const row = next === undefined ? null : rowOf(next.id, section.current);
    (row?.querySelector<HTMLElement>('.jp-SubmitJob-more') ?? section.current)?.focus();
  }, [shown, section]);
  return {
    onFocus: ({ target }) => {
      const id = target.closest<HTMLElement>('.jp-SubmitJob')?.dataset['job'];
      const place = shown.findIndex(job => job.id === id);
      focused.current = id === undefined || place < 0 ? null : { id, place };
    },
    // A browser tells this of what is left, and not of what is removed.
    onBlur: () => {
      focused.current = null;
    }
  };
}
