import { PROBLEMS, ProblemError, problem } from '../../api/problem';
import { retryInterval } from '../../job/pace';
import { asProblem } from '../process/asProblem';
import type { Clock } from '../process/clock';
import type { Log } from '../process/log';
import { NotReached, type Way } from './way';

/**
 * Seconds between two logins that nobody has asked for: what counts attempts and bans (fail2ban, a firewall that counts new
 * connections, PerSourcePenalties of sshd_config(5)) lets pass what comes so rarely.
 */
export const LOGIN_PAUSE_SECONDS = 60;

/** The most of them after failures in a row. */
const LONGEST_PAUSE_SECONDS = 300;

/**
 * Shares of an interval where nothing has come to the host: one may try a little sooner than those ask who keep to the same
 * intervals, and not in the same moment as everybody else whose link was cut.
 */
const SOONEST = 0.7;
const JITTER = 0.2;

/**
 * When one may knock at a host: by oneself once a minute, after a failure more and more rarely, after a refused login not until
 * a person acts. Whoever acts may knock at once.
 */
export class Gate {
  /** Failures in a row that have come to the host, and since the last of them those that have not. */
  private heard = 0;
  private unheard = 0;
  private opensAt = 0;
  /** When the last attempt of our own that has come to the host is long enough ago. */
  private ownAt = 0;
  private last: ProblemError | null = null;
  private actedAt: number | null = null;

  /**
   * @param where The host, for people.
   * @param pauseSeconds Between two attempts of our own.
   * @param random Between 0 and 1, as Math.random.
   */
  constructor(
    private readonly where: string,
    private readonly clock: Pick<Clock, 'steady'>,
    private readonly pauseSeconds = LOGIN_PAUSE_SECONDS,
    private readonly random: () => number = Math.random
  ) {}

  /** Why nobody may knock now, which is what went wrong the last time; null when one may. */
  get refusal(): ProblemError | null {
    const opensAt = Math.max(this.opensAt, this.ownAt);
    return this.isForgiven || this.clock.steady() >= opensAt ? null : (this.last ?? this.cutOff());
  }

  /** Somebody knocks; whether nobody has asked for that. */
  begin(): boolean {
    const isOwn = !this.isForgiven;
    this.actedAt = null;
    return isOwn;
  }

  /** Nobody was let in. */
  failed(error: ProblemError, { isOwn, isHeard }: { isOwn: boolean; isHeard: boolean }): void {
    this.last = error;
    this.unheard = isHeard ? 0 : this.unheard + 1;
    this.heard += isHeard ? 1 : 0;
    this.noteOwn(isOwn && isHeard);
    const pause = isHeard
      ? Math.min(LONGEST_PAUSE_SECONDS, this.pauseSeconds * 2 ** (this.heard - 1)) *
        (1 + JITTER * this.random())
      : retryInterval(this.unheard) * (SOONEST + JITTER * this.random());
    this.opensAt = waitsForPerson(error) ? Infinity : this.clock.steady() + pause;
  }

  /** Somebody was let in. */
  passed(isOwn: boolean): void {
    this.heard = 0;
    this.unheard = 0;
    this.opensAt = 0;
    this.last = null;
    this.noteOwn(isOwn);
  }

  /** A person acts: the next attempt is theirs, whatever came before, if it is made for that. */
  forgive(): void {
    this.actedAt = this.clock.steady();
  }

  /**
   * The machine has slept, so that failures of before tell nothing; a refusal does: a machine may wake many times a night.
   *
   * @param seconds For how long, which its steady clock has not counted.
   */
  woken(seconds: number): void {
    this.ownAt -= seconds;
    if (Number.isFinite(this.opensAt)) {
      this.heard = 0;
      this.unheard = 0;
      this.opensAt = 0;
    }
  }

  private get isForgiven(): boolean {
    return this.actedAt !== null && this.clock.steady() < this.actedAt + LOGIN_PAUSE_SECONDS;
  }

  private noteOwn(isOwn: boolean): void {
    this.ownAt = isOwn ? this.clock.steady() + this.pauseSeconds : this.ownAt;
  }

  private cutOff(): ProblemError {
    const output = `the connection was lost; without you, there is one login in ${this.pauseSeconds} s`;
    return problem('cluster-unreachable', { cluster: this.where }, { details: { output } });
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
      const { refusal } = gate;
      if (refusal) {
        throw new ProblemError(refusal.problem, { cause: refusal });
      }
      const isOwn = gate.begin();
      try {
        const connection = await way.connect(asker);
        gate.passed(isOwn);
        return connection;
      } catch (error) {
        const failure = new ProblemError(asProblem(error), { cause: error });
        gate.failed(failure, { isOwn, isHeard: !(error instanceof NotReached) });
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
