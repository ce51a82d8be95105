import { ProblemError } from '../../api/problem';
import type { Asker } from './asker';
import type { Started } from './conversation';
import type { RemoteAnswer, RemoteCommand } from './remote';

/**
 * A way to a host, as it is by itself. Whether one may knock, how many commands run at a time, and who shares a connection
 * is decided around it, for each way the same: `gate.ts`, `slots.ts`, `oneConnection.ts`;
 * `remotes.ts` says which way a host has, and puts these around it.
 */
export interface Way<C extends Connection = Connection> {
  /** The host, for people. */
  readonly where: string;
  /**
   * Makes a new connection.
   *
   * @param asker Who answers what the host asks; null: nobody, and a host that asks is the problem `login-asks`.
   * @throws ProblemError, which tells whether it heals (`PROBLEMS`); NotReached.
   */
  connect(asker: Asker | null): Promise<C>;
}

/** Somebody is logged in. */
export interface Connection {
  /** False once it is lost or was given up: nothing more can be run on it. */
  readonly isOpen: boolean;
  /**
   * What `Remote.run` does, at once.
   *
   * @throws NotRun, and what `Remote.run` throws.
   */
  run(command: RemoteCommand): Promise<RemoteAnswer>;
  /** Takes leave. */
  close(): void;
  /** Gives it up, with all that runs on it, which is unheard then. */
  drop(): void;
}

/** A connection that can carry a bash for whatever it is needed. */
export interface Carrying extends Connection {
  /**
   * Starts one.
   *
   * @throws NotRun, and ProblemError `cluster-unreachable`.
   */
  start(): Promise<Started>;
}

/** Nothing of a command was run or read, so that it can be run another time; it never leaves the ways. */
export class NotRun extends Error {
  /** @param reason The host takes no more at a time on this connection, or the connection is not open any more. */
  constructor(readonly reason: 'no-room' | 'lost') {
    super(`not run: ${reason}`);
  }
}

/**
 * A login that has failed before anything of it came to the host: its name was not found, there was no way to it, or nobody
 * listened. Neither the host nor what stands before it counts that as an attempt.
 */
export class NotReached extends ProblemError {
  /** @param why What went wrong. */
  static because(why: ProblemError): NotReached {
    return new NotReached(why.problem, { cause: why });
  }
}
