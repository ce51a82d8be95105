import { formatClock, parseDuration } from '../../../api/duration';
import type { Translator } from '../../../api/translation';
import { durationWords } from '../../../words';

/**
 * A time as everybody reads it in the same way, `= 2:00:00`, and that the queue does not take so much; empty when there is
 * nothing to add. `limitSeconds` is null where no limit is known.
 */
export function timeNote(time: string, limitSeconds: number | null, trans: Translator): string {
  const seconds = parseDuration(time);
  if (seconds === null) {
    return '';
  }
  const clock = formatClock(seconds);
  return [
    ...(clock === time.trim() ? [] : [`= ${clock}`]),
    ...(limitSeconds === null || seconds <= limitSeconds
      ? []
      : [trans.__('more than the queue takes: %1', durationWords(limitSeconds, trans))])
  ].join('; ');
}
