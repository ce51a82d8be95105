import { type RefObject, useEffect, useState } from 'react';

/** Whether an element has more text than it shows, at the width that it has. */
export function useIsCut(element: RefObject<HTMLElement | null>): boolean {
  const [isCut, setIsCut] = useState(false);
  useEffect(() => {
    const { current } = element;
    if (current === null) {
      return undefined;
    }
    const look = (): void => setIsCut(current.scrollHeight > current.clientHeight + 1);
    const observer = new ResizeObserver(look);
    // Its own height stays when it is cut, that of its sentences does not.
    for (const node of [current, ...current.children]) {
      observer.observe(node);
    }
    return () => observer.disconnect();
  }, [element]);
  return isCut;
}
