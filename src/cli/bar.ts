import type { JobRecord } from '../api/job';
import { contactWords, engineWords, stateWords, type Reader } from '../words';
import type { Paint } from './paint';
import { printableLine } from './printable';
import { columnsOf, cutEnd, cutMiddle } from './width';

/** How a bar is drawn. */
export interface BarLook {
  /** Columns of the terminal. */
  columns: number;
  hasUnicode: boolean;
  paint: Paint;
  reader: Reader;
}

/** Columns that a bar takes, where there is room. */
const WIDEST = 28;
const NARROWEST = 10;

/** The most that a job's name takes of the line. */
const LONGEST_NAME = 24;

/**
 * A job in one line of a terminal: its name, a bar by cells (by engines while they start), where it is, its engines.
 * What does not fit is left out from the least important on: engines, name, bar.
 */
export function barLine(job: JobRecord, look: BarLook): string {
  // The last column stays empty: some terminals wrap as soon as it is written to.
  const room = look.columns - 1;
  const { paint, reader } = look;
  const contact = contactWords(job, reader);
  const words = printableLine(stateWords(job, reader));
  const name = cutMiddle(job.spec.name, LONGEST_NAME);
  const engines = job.state === 'running' ? engineWords(job, reader.trans) : '';
  const share = shareOf(job);
  const bar = share === null ? 0 : WIDEST;

  for (const [withName, barColumns, withEngines] of [
    [true, bar, true],
    [true, bar, false],
    [true, Math.min(bar, NARROWEST), false],
    [false, Math.min(bar, NARROWEST), false]
  ] as const) {
    const parts = [
      withName ? { text: name, painted: paint('strong', name) } : null,
      share !== null ? drawn(share, barColumns, look) : null,
      { text: words, painted: words },
      withEngines && engines !== '' ? { text: engines, painted: paint('faint', engines) } : null,
      contact === '' ? null : { text: contact, painted: paint('warning', contact) }
    ].filter(part => part !== null);
    if (columnsOf(parts.map(({ text }) => text).join('  ')) <= room) {
      return parts.map(({ painted }) => painted).join('  ');
    }
  }
  return cutEnd([words, contact].filter(text => text !== '').join('  '), room);
}

/** How much of a job is done, from 0 to 1; null where nothing says it. */
function shareOf({ progress, state }: JobRecord): number | null {
  const cell = progress?.cell ?? null;
  switch (state) {
    case 'starting': {
      const { ready, wanted } = progress?.engines ?? { ready: 0, wanted: 0 };
      return wanted === 0 ? null : ready / wanted;
    }
    case 'running':
      return cell === null || cell.total === 0 ? 0 : (cell.index - 1) / cell.total;
    case 'finishing':
      return 1;
    case 'preparing':
    case 'queued':
    case 'succeeded':
    case 'failed':
    case 'timed-out':
    case 'cancelled':
    case 'lost':
      return null;
    default:
      return state satisfies never;
  }
}

function drawn(
  share: number,
  columns: number,
  { hasUnicode, paint }: BarLook
): { text: string; painted: string } {
  const full = Math.round(Math.min(1, Math.max(0, share)) * columns);
  const done = (hasUnicode ? '━' : '#').repeat(full);
  const rest = (hasUnicode ? '─' : '-').repeat(columns - full);
  return { text: done + rest, painted: paint('accent', done) + paint('faint', rest) };
}
