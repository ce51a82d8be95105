import { expect } from 'vitest';
import { type ProblemError, problem } from '../../../src/api/problem';
import type { Round } from '../../../src/api/question';
import type { Asker } from '../../../src/sidecar/remote/asker';
import { local } from '../../../src/sidecar/remote/local';
import { makeTemp } from '../../makeTemp';
import { sealed } from '../../sealed';
import type { RemoteAnswer, RemoteCommand } from '../../../src/sidecar/remote/remote';
import { type Connection, NotRun, type Way } from '../../../src/sidecar/remote/way';

/** A way that leads to this machine, whose doors a test may shut: for what is put around ways. */
export class NearWay implements Way {
  readonly where = 'near';
  /** What goes wrong when somebody connects. */
  failure: Error | null = null;
  /** What it asks whoever connects. */
  question: Round | null = null;
  /** How many commands a connection takes at a time. */
  room = Infinity;
  /** Commands that take room although they are over. */
  lingering = 0;
  /** How often somebody has asked for a connection. */
  knocks = 0;
  /** The most commands at a time. */
  peak = 0;
  running = 0;
  readonly made: NearConnection[] = [];

  /** @param environment The variables of commands that bring none. */
  constructor(readonly environment: Record<string, string> = sealed(makeTemp())) {}

  async connect(asker: Asker | null = null): Promise<Connection> {
    this.knocks += 1;
    await Promise.resolve();
    if (this.question !== null) {
      if (asker === null) {
        throw problem('login-asks', { host: 'near', user: 'ada' });
      }
      await asker.ask(this.question, new AbortController().signal);
    }
    if (this.failure) {
      throw this.failure;
    }
    const connection = new NearConnection(this);
    this.made.push(connection);
    return connection;
  }

  /** Cuts all connections. */
  cut(): void {
    this.made.forEach(connection => connection.drop());
  }
}

class NearConnection implements Connection {
  private readonly lost = new AbortController();

  constructor(private readonly way: NearWay) {}

  get isOpen(): boolean {
    return !this.lost.signal.aborted;
  }

  async run(command: RemoteCommand): Promise<RemoteAnswer> {
    const { way } = this;
    if (way.running + way.lingering >= way.room) {
      throw new NotRun('no-room');
    }
    way.running += 1;
    way.peak = Math.max(way.peak, way.running);
    try {
      const { environment = way.environment } = command;
      const signals = [this.lost.signal, ...(command.signal ? [command.signal] : [])];
      return await local.run({ ...command, environment, signal: AbortSignal.any(signals) });
    } finally {
      way.running -= 1;
    }
  }

  close(): void {
    this.drop();
  }

  drop(): void {
    this.lost.abort(new Error('the connection broke'));
  }
}

/** What comes of a host that cannot be reached. */
export function unreachable(): ProblemError {
  return problem('cluster-unreachable', { cluster: 'near' });
}

/** Listens from now on, so that a refusal that comes early is not missed. */
export async function refusalOf(asked: Promise<unknown>, refusal: object): Promise<void> {
  await expect(asked).rejects.toMatchObject(refusal);
}
