import type { ISignal } from '@lumino/signaling';
import { useEffect, useReducer } from 'react';

/**
 * Draws the component again whenever the signal is emitted; while a button of the panel is pressed, when it is released: a
 * browser gives no click to a button that has moved away meanwhile.
 */
export function useChanged<T>(signal: ISignal<T, unknown>): void {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    let frame = 0;
    const listener = (): void => {
      cancelAnimationFrame(frame);
      if (isPressed()) {
        frame = requestAnimationFrame(listener);
      } else {
        draw();
      }
    };
    signal.connect(listener);
    // What changed between the drawing and now was told to nobody.
    draw();
    return () => {
      signal.disconnect(listener);
      cancelAnimationFrame(frame);
    };
  }, [signal]);
}

function isPressed(): boolean {
  return document.querySelector('.jp-SubmitPanel button:active') !== null;
}
