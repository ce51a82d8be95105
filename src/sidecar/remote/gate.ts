import { PROBLEMS, ProblemError } from '../../api/problem';
import { retryInterval } from '../../job/pace';
import { asProblem } from '../process/asProblem';
import type { Clock } from '../process/clock';
import type { Log } from '../process/log';
import type { Way } from './way';

/**
 * Shares of an interval: one may knock a little sooner than those ask who keep to the same intervals, and not in the same
 * moment as everybody else whose link was cut.
 */
const SOONEST = 0.7;
const JITTER = 0.2;

/** When one may knock at a host: after a failure not for a while, after a refused login not until a person acts. */
export class Gate {
  private failures = 0;
  private opensAt = 0;
  private last: ProblemError | null = null;

  /** @param random Between 0 and 1, as Math.random. */
  constructor(
    private readonly clock: Pick<Clock, 'steady'>,
    private readonly random: () => number = Math.random
  ) {}

  /** Why nobody may knock now, which is what went wrong the last time; null when one may. */
  get refusal(): ProblemError | null {
    return this.clock.steady() < this.opensAt ? this.last : null;
  }

  /** Nobody was let in. */
  failed(error: ProblemError): void {
    this.failures += 1;
    this.last = error;
    const pause = retryInterval(this.failures) * (SOONEST + JITTER * this.random());
    this.opensAt = waitsForPerson(error) ? Infinity : this.clock.steady() + pause;
  }

  /** Somebody was let in. */
  passed(): void {
    this.failures = 0;
    this.opensAt = 0;
    this.last = null;
  }

  /** A person acts: what was refused may be tried again, at once. */
  forgive(): void {
    this.opensAt = 0;
  }

  /** The machine has slept, so that failures of before tell nothing; a refusal does: a machine may wake many times a night. */
  woken(): void {
    if (Number.isFinite(this.opensAt)) {
      this.failures = 0;
      this.opensAt = 0;
    }
  }
}

/** A way that is taken only while its gate lets one pass, as it does whoever can be asked, and that tells it how it went. */
export function gated(way: Way, gate: Gate, log: Log): Way {
  const { where } = way;
  return {
    where,
    connect: async asker => {
      if (asker !== null) {
        gate.forgive();
      }
      if (gate.refusal) {
        throw new ProblemError(gate.refusal.problem, { cause: gate.refusal });
      }
      try {
        const connection = await way.connect(asker);
        gate.passed();
        return connection;
      } catch (error) {
        const failure = new ProblemError(asProblem(error), { cause: error });
        gate.failed(failure);
        log.warn({ host: where, problem: failure.problem }, 'not connected');
        throw failure;
      }
    }
  };
}

/** What only a person can mend: nobody is asked again before one has said so. */
function waitsForPerson({ problem: { code } }: ProblemError): boolean {
  const { heals, lies } = PROBLEMS[code];
  return heals === 'by-a-person' && lies === 'way';
}
