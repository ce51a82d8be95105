import { type FocusEvent, useEffect, useRef } from 'react';

/** What the form listens to. */
interface Listeners {
  onFocus: (event: FocusEvent<HTMLElement>) => void;
  onBlur: () => void;
}

/** What has a field or button of its own to give the keyboard to. */
const HOMES = '.jp-SubmitField, .jp-SubmitRow';

/**
 * Keeps the keyboard where it was when a button that has the focus goes, with the problem or the pattern that it was for: the
 * field around it has it then, or the button that submits.
 */
export function useFocusHome(): Listeners {
  const focused = useRef<{ element: HTMLElement; home: HTMLElement | null } | null>(null);
  // After each drawing: who has gone is told by nothing else.
  useEffect(() => {
    const last = focused.current;
    if (last !== null && !last.element.isConnected) {
      focused.current = null;
      last.home?.querySelector<HTMLElement>('select, input, [type=submit]')?.focus();
    }
  });
  return {
    onFocus: ({ target }) => {
      focused.current = { element: target, home: target.closest<HTMLElement>(HOMES) };
    },
    // A browser tells this of what is left, and not of what is removed.
    onBlur: () => {
      focused.current = null;
    }
  };
}
