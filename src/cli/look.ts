import type { OutcomeLook } from './outcome';
import { shownPath } from './paths';
import type { Surroundings } from './surroundings';

/** How things are written for the person at this terminal, at this moment. */
export function lookOf(surroundings: Surroundings): OutcomeLook {
  const { reader, screen } = surroundings;
  return {
    paint: screen.paint,
    hasUnicode: screen.hasUnicode,
    reader: reader(),
    path: absolute => shownPath(absolute, surroundings)
  };
}
