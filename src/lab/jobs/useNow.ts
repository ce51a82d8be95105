import { useEffect, useState } from 'react';
import type { Clock } from './clock';

/** What time it is, in seconds since 1970; the component is drawn again every second while it `ticks`. */
export function useNow(clock: Clock, ticks: boolean): number {
  const [now, setNow] = useState(inSeconds);
  useEffect(() => (ticks ? clock.listen(() => setNow(inSeconds())) : undefined), [clock, ticks]);
  return now;
}

function inSeconds(): number {
  return Date.now() / 1000;
}
