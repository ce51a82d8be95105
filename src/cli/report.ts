import { type JobRecord, isTerminal } from '../api/job';
import { stateWords } from '../words';
import { barLine } from './bar';
import { printableLine } from './printable';
import type { Surroundings } from './surroundings';

/** Tells the person, or a program, how a job goes. */
export interface Report {
  /** A change of the job, or the same again. */
  show(job: JobRecord): void;
  /** Nothing more will come, or not for now. */
  end(): void;
}

/** Milliseconds between two drawings of the bar, whose times go on by themselves. */
const TICK_MS = 1000;

/** The way to tell that fits: records for a program, a bar for a terminal, lines for everything else. */
export function reportFor(surroundings: Surroundings, isJson: boolean): Report {
  if (isJson) {
    return jsonReport(surroundings);
  }
  return surroundings.screen.isLive ? barReport(surroundings) : lineReport(surroundings);
}

/** One JSON record a line, at each change. */
function jsonReport({ screen }: Surroundings): Report {
  let last = '';
  return {
    show: job => {
      const text = JSON.stringify(job);
      if (text !== last) {
        screen.line(text);
        last = text;
      }
    },
    end: () => undefined
  };
}

/** A line at each change of more than the time; what became of the job is told when it is over. */
function lineReport({ reader, screen }: Surroundings): Report {
  let last = '';
  let lastLine = '';
  return {
    show: job => {
      const key = milestone(job);
      if (key === last || isTerminal(job.state)) {
        return;
      }
      last = key;
      const line = `${job.id}  ${printableLine(stateWords(job, reader()))}`;
      if (line !== lastLine) {
        screen.line(line);
        lastLine = line;
      }
    },
    end: () => undefined
  };
}

function milestone({ cancelRequestedAt, progress, queue, state, step }: JobRecord): string {
  return JSON.stringify([
    state,
    step?.name,
    queue,
    state === 'starting' ? progress?.engines : null,
    state === 'running' ? progress?.cell?.index : null,
    cancelRequestedAt !== null
  ]);
}

/** A bar that is redrawn in place. */
function barReport({ reader, screen }: Surroundings): Report {
  let shown: JobRecord | null = null;
  const draw = (): void => {
    if (shown !== null) {
      const { columns, hasUnicode, paint } = screen;
      screen.live(barLine(shown, { columns: columns ?? 80, hasUnicode, paint, reader: reader() }));
    }
  };
  const timer = setInterval(draw, TICK_MS);
  return {
    show: job => {
      shown = job;
      draw();
    },
    end: () => {
      clearInterval(timer);
      screen.live(null);
    }
  };
}
