import { rmSync } from 'node:fs';
import { Transform } from 'node:stream';
import { problem } from '../../../api/problem';
import type { Log } from '../../process/log';
import type { Asker } from '../asker';
import { type Started, converse } from '../conversation';
import { OneShell } from '../oneShell/oneShell';
import type { RemoteAnswer, RemoteCommand } from '../remote';
import { type Carrying, NotReached, NotRun, type Way } from '../way';
import { type Login, type OpenSshOptions, login } from './login';
import { NotMultiplexed, whyNoMultiplexing } from './multiplexing';
import { LOST, NoSession, OF_SSH, isThere, ownWords, startBash, takeLeave } from './mux';

/** Milliseconds until a host has to have started a command; then the connection cannot be trusted. */
const START_MS = 30_000;

/** Milliseconds that a bash has to end whose input is over. */
const LEAVE_MS = 2000;

/** What is done where one process carries everything. */
interface Alone {
  /** Told why, before anything is contacted. */
  tell?: (why: string) => void;
  /** Milliseconds until its bash has to be ready. */
  readyMs?: number;
}

/**
 * The way to a host by the system's own ssh: one process keeps the connection, and another one for each command goes through
 * it (ssh_config(5), ControlMaster). Where ssh cannot do that here, one process carries one bash for everything. What ssh can do is done;
 * it asks by a program of ours.
 */
export function opensshWay(
  host: string,
  options: () => Promise<OpenSshOptions>,
  log: Log,
  alone: Alone = {}
): Way<Carrying | OneShell> {
  /** What was wrong with the socket of an earlier login: the next one does without. */
  let words: string | null = null;
  const connect = async (asker: Asker | null): Promise<Carrying | OneShell> => {
    const given = await options();
    const { environment } = given;
    const made = await login(host, given, asker, async ({ master, whyNoMaster }) => {
      const why = words ?? whyNoMaster ?? (await whyNoMultiplexing(master, host, environment));
      if (why !== null) {
        log.info({ host, why }, 'ssh cannot multiplex here');
        alone.tell?.(why);
      }
      return why !== null;
    });
    log.info({ host }, 'connected by OpenSSH');
    void made.kept.ended.then(() => {
      log.info({ host }, 'disconnected');
      // What was to remove it may have been killed.
      rmSync(made.folder, { recursive: true, force: true });
    });
    return made.socket === null
      ? OneShell.begin(bashOf(made), host, alone.readyMs)
      : new MasterConnection(host, environment, made.socket, made);
  };
  return {
    where: host,
    connect: async asker => {
      try {
        return await connect(asker);
      } catch (error) {
        if (!(error instanceof NotMultiplexed)) {
          throw error;
        }
        words = error.words;
        if (!error.isFree) {
          throw error;
        }
        // Nobody has typed anything for a login that was of no use.
        return connect(asker);
      }
    }
  };
}

/** The bash that an ssh carries. What is on standard error is of the host, or of an ssh on the way. */
function bashOf({ folder, kept }: Login): Started {
  const { stdin, stdout } = kept;
  stdin.once('finish', () => setTimeout(() => kept.end(), LEAVE_MS).unref());
  return {
    stdin,
    stdout,
    stderr: kept.stderr.pipe(withoutLog()),
    ended: kept.ended.then(ending => (ending.exitCode === OF_SSH ? LOST : ending)),
    end: () => giveUp({ folder, kept })
  };
}

/** Passes on what is not for those alone who look for a fault in ssh, which writes a line of that at a time. */
function withoutLog(): Transform {
  return new Transform({
    transform: (chunk: Buffer, _, done) => {
      const words = ownWords(chunk.toString());
      done(null, words === '' ? '' : `${words}\n`);
    }
  });
}

/** Ends a login at once, with all that is on it. */
function giveUp({ folder, kept }: Pick<Login, 'folder' | 'kept'>): void {
  kept.kill();
  rmSync(folder, { recursive: true, force: true });
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
    private readonly master: string,
    private readonly login: Login
  ) {
    super(host, environment, master, { isDead: () => undefined, startMs: START_MS });
    void login.kept.ended.then(() => {
      this.isLost = true;
    });
  }

  override close(): void {
    super.close();
    void takeLeave(this.master, this.host).then(() => this.login.kept.end());
  }

  override drop(): void {
    super.drop();
    giveUp(this.login);
  }
}
