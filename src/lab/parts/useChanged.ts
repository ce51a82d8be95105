import type { ISignal } from '@lumino/signaling';
import { useEffect, useReducer } from 'react';

/** Draws the component again whenever the signal is emitted. */
export function useChanged<T>(signal: ISignal<T, unknown>): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const listener = (): void => draw();
    signal.connect(listener);
    // What changed between the drawing and now was told to nobody.
    draw();
    return () => {
      signal.disconnect(listener);
    };
  }, [signal]);
}
