import type { Readable, Writable } from 'node:stream';
import type { Transport } from '../../api/transport';

/** One command for a cluster: text that bash reads from standard input, and bytes that follow it there. */
export interface RemoteCommand {
  /** Bash statements. Their standard input is empty; descriptor 3 has the bytes of `input`. */
  script: string;
  input?: Readable;
  /** Takes standard output; otherwise it is kept and returned as text. */
  output?: Writable;
  /** Variables of the caller, where commands run on the caller's own machine. */
  environment?: Record<string, string>;
  /** Seconds until the command is given up. */
  timeoutSeconds: number;
  /** Gives the command up, with what is still to be sent: the other side sees it cut. */
  signal?: AbortSignal;
}

/** How a command ended; a command that ran is an answer, whatever its exit code. */
export interface RemoteAnswer {
  stdout: string;
  stderr: string;
  exitCode: number | null;
  signal: string | null;
}

/** A cluster as far as reaching it goes: a host, or this machine. */
export interface Reached {
  host: string | null;
  /** What connections to it are to be made with from now on; otherwise it stays as it is. */
  transport?: Transport;
  /** Another host that job files go through; null or nothing: the same. */
  transferHost?: string | null;
}

/**
 * How a cluster's files and commands are reached. Knows nothing of schedulers. `run` rejects with a `ProblemError`
 * (`cluster-unreachable`) when it is not known how the command ended.
 */
export interface Remote {
  /** The host that commands run on, for people. */
  readonly where: string;
  /** Seconds without a byte after which a transfer over it is given up, where that is not the usual (stall.ts). */
  readonly stallSeconds?: number;
  run(command: RemoteCommand): Promise<RemoteAnswer>;
}
