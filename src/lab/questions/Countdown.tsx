import { useEffect, useState } from 'react';
import type { Translator } from '../../api/translation';
import type { Clock } from '../page/page';

/** Seconds from which on the end is near. */
const NEAR = 20;

/** How long there is to answer. Whoever asks ends it, by its own clock; this one only tells. */
export function Countdown({
  clock,
  expires,
  trans
}: {
  /** In milliseconds since 1970. */
  expires: number;
  clock: Clock;
  trans: Translator;
}) {
  const left = useSecondsUntil(expires, clock);
  return (
    <p role="timer" className={`jp-SubmitQuestion-time${left <= NEAR ? ' jp-mod-near' : ''}`}>
      {trans.__('Time left: %1', minutes(left))}
    </p>
  );
}

/** Whole seconds until a moment, 0 after it; drawn again with each. */
function useSecondsUntil(moment: number, clock: Clock): number {
  const [now, setNow] = useState(() => clock.now());
  useEffect(() => {
    let stop: () => void;
    const tick = (): void => {
      setNow(clock.now());
      stop = clock.after(1000, tick);
    };
    tick();
    return () => stop();
  }, [clock]);
  return Math.max(0, Math.ceil((moment - now) / 1000));
}

/** `1:05` */
function minutes(seconds: number): string {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
