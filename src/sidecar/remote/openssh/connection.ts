import { rmSync } from 'node:fs';
import { problem } from '../../../api/problem';
import type { Log } from '../../process/log';
import { type Started, converse } from '../conversation';
import type { RemoteAnswer, RemoteCommand } from '../remote';
import { type Carrying, NotReached, NotRun, type Way } from '../way';
import { type Master, type OpenSshOptions, login } from './login';
import { NoSession, isThere, startBash, takeLeave } from './mux';

/** Milliseconds until a host has to have started a command; then the connection cannot be trusted. */
const START_MS = 30_000;

/**
 * The way to a host by the system's own ssh: one process keeps the connection, and another one for each command goes through
 * it (ssh_config(5), ControlMaster). What ssh can do is done; it asks by a program of ours.
 */
export function opensshWay(
  host: string,
  options: () => Promise<OpenSshOptions>,
  log: Log
): Way<Carrying> {
  return {
    where: host,
    connect: async asker => {
      const given = await options();
      const master = await login(host, given, asker);
      return new MasterConnection(host, given.environment, master, log);
    }
  };
}

/** A connection that the person has made with ssh. */
export interface Borrowed {
  socket: string;
  /** Told when it answers, and what lies behind it does not: such a connection is dead, and nobody has noticed yet. */
  isDead: () => void;
}

/**
 * The way through a connection that the person has made with ssh, and that is the person's own to close.
 *
 * @param startMs Milliseconds until the host has to have started a command.
 */
export function borrowedWay(
  host: string,
  { isDead, socket }: Borrowed,
  options: () => Promise<OpenSshOptions>,
  log: Log,
  startMs = START_MS
): Way<Carrying> {
  return {
    where: host,
    connect: async () => {
      const { environment } = await options();
      if (!(await isThere(socket, host))) {
        const details = { output: `no connection answers at ${socket}` };
        throw NotReached.because(problem('cluster-unreachable', { cluster: host }, { details }));
      }
      log.info({ host, socket }, 'connected by a connection of the person');
      return new MuxConnection(host, environment, socket, { isDead, startMs });
    }
  };
}

/** Commands through a connection, whoever keeps it. */
class MuxConnection implements Carrying {
  protected isLost = false;

  constructor(
    protected readonly host: string,
    private readonly environment: NodeJS.ProcessEnv,
    private readonly socket: string,
    private readonly patience: { isDead: () => void; startMs: number }
  ) {}

  get isOpen(): boolean {
    return !this.isLost;
  }

  async start(): Promise<Started> {
    const { environment, host, patience, socket } = this;
    try {
      const started = await startBash(socket, host, environment, patience.startMs);
      const ended = started.ended.then(ending => {
        this.isLost ||= ending.exitCode === null && ending.signal === null;
        return ending;
      });
      return { ...started, ended };
    } catch (error) {
      if (!(error instanceof NoSession)) {
        throw error;
      }
      if (error.isFull) {
        throw new NotRun('no-room');
      }
      if (this.isLost || !(await isThere(socket, host))) {
        // Should it be there after all, it does not stay for nobody.
        this.drop();
        throw new NotRun('lost');
      }
      this.drop();
      patience.isDead();
      const details = { output: error.message };
      throw problem('cluster-unreachable', { cluster: host }, { details, cause: error });
    }
  }

  async run(command: RemoteCommand): Promise<RemoteAnswer> {
    return converse(await this.start(), command, this.host);
  }

  close(): void {
    this.isLost = true;
  }

  drop(): void {
    this.isLost = true;
  }
}

/** The same, and the connection is ours. */
class MasterConnection extends MuxConnection {
  constructor(
    host: string,
    environment: NodeJS.ProcessEnv,
    private readonly master: Master,
    log: Log
  ) {
    super(host, environment, master.socket, { isDead: () => undefined, startMs: START_MS });
    log.info({ host }, 'connected by OpenSSH');
    void master.kept.ended.then(() => {
      log.info({ host }, 'disconnected');
      this.isLost = true;
      // What was to remove it may have been killed.
      rmSync(master.folder, { recursive: true, force: true });
    });
  }

  override close(): void {
    super.close();
    const { kept, socket } = this.master;
    void takeLeave(socket, this.host).then(() => kept.end());
  }

  override drop(): void {
    super.drop();
    this.master.kept.kill();
    rmSync(this.master.folder, { recursive: true, force: true });
  }
}
