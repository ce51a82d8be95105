import { problem } from '../../api/problem';
import type { Asker } from './asker';
import type { Remote, RemoteAnswer, RemoteCommand } from './remote';
import { type Connection, NotRun, type Way } from './way';

/** How many connections may be lost in turn before a command was run on one. */
const MOST_LOSSES = 2;

/** The one connection to a host: made when it is first needed, kept, shared by everything, and made anew when it is lost. */
export class OneConnection implements Remote {
  private connection: Connection | null = null;
  private connecting: { asks: boolean; done: Promise<Connection> } | null = null;
  private isClosed = false;

  constructor(private readonly way: Way) {}

  get where(): string {
    return this.way.where;
  }

  async run(command: RemoteCommand): Promise<RemoteAnswer> {
    for (let losses = 0; ; losses += 1) {
      const connection = await this.connected(null);
      try {
        return await connection.run(command);
      } catch (error) {
        if (!(error instanceof NotRun && error.reason === 'lost')) {
          throw error;
        }
        if (losses === MOST_LOSSES) {
          // One that lets in and hangs up would be knocked at without a pause.
          const details = { output: 'the host ends each connection at its first command' };
          throw problem('cluster-unreachable', { cluster: this.where }, { details, cause: error });
        }
      }
    }
  }

  /**
   * Makes sure that there is a connection; the person is asked what the host asks.
   *
   * @throws ProblemError
   */
  async signIn(asker: Asker): Promise<void> {
    await this.connected(asker);
  }

  /** The connection may be dead without a word, as after a sleep: the next command makes a new one. */
  drop(): void {
    this.connection?.drop();
    this.connection = null;
  }

  close(): void {
    this.isClosed = true;
    this.connection?.close();
  }

  /** Once for all who ask; where nobody could be asked, and somebody can now, once more. */
  private connected(asker: Asker | null): Promise<Connection> {
    if (this.connection?.isOpen === true) {
      return Promise.resolve(this.connection);
    }
    const current = this.connecting;
    if (current === null) {
      const done = this.connect(asker).finally(() => {
        this.connecting = null;
      });
      this.connecting = { asks: asker !== null, done };
      return done;
    }
    return current.asks || asker === null
      ? current.done
      : current.done.catch(() => this.connected(asker));
  }

  private async connect(asker: Asker | null): Promise<Connection> {
    const connection = await this.way.connect(asker);
    this.connection = connection;
    if (this.isClosed) {
      connection.close();
    }
    return connection;
  }
}
