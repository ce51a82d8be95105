import type { JobEvent } from '../../api/events';
import { type Problem, problem } from '../../api/problem';
import { asProblem } from '../asProblem';
import type { Page } from './page';
import { pause } from './pause';

/** Milliseconds from a break to the next attempt: at first, twice as many each time, and never more than this. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/** A source that lasted so long was a good one. */
const GOOD_MS = 20_000;

/** Somewhere that events come from, until `signal` is aborted. It breaks by ending, or by throwing. */
export type Source = (signal: AbortSignal) => AsyncIterable<JobEvent>;

/** Who wants to know of them. */
export interface Listener {
  heard: (event: JobEvent) => void;
  /** The source was opened in vain; one that breaks after it has told something is opened again without a word. */
  failed: (problem: Problem) => void;
}

/** Hears what a source tells until `signal` is aborted, and opens it again whenever it breaks. Never rejects. */
export async function listen(
  { failed, heard, open }: Listener & { open: Source },
  { clock, random }: Pick<Page, 'clock' | 'random'>,
  signal: AbortSignal
): Promise<void> {
  for (let breaks = 0; !signal.aborted; breaks += 1) {
    const begun = clock.now();
    let hasTold = false;
    let why = problem('server-silent', {}).problem;
    try {
      for await (const event of open(signal)) {
        if (signal.aborted) {
          return;
        }
        hasTold = true;
        heard(event);
      }
    } catch (error) {
      why = asProblem(error);
    }
    if (!hasTold && !signal.aborted) {
      failed(why);
    }
    if (clock.now() - begun > GOOD_MS) {
      breaks = 0;
    }
    await pause(clock, pauseMs(breaks, random()), signal);
  }
}

/** Jitter keeps many browsers from coming back to a server at the same moment. */
function pauseMs(breaks: number, random: number): number {
  const whole = Math.min(FIRST_PAUSE_MS * 2 ** breaks, LONGEST_PAUSE_MS);
  return whole * (0.75 + random / 4);
}
