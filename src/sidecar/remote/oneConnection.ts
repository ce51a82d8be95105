import type { Remote, RemoteAnswer, RemoteCommand } from './remote';
import { type Connection, NotRun, type Way } from './way';

/** The one connection to a host: made when it is first needed, kept, shared by everything, and made anew when it is lost. */
export class OneConnection implements Remote {
  private connection: Connection | null = null;
  private connecting: Promise<Connection> | null = null;
  private isClosed = false;

  constructor(private readonly way: Way) {}

  get where(): string {
    return this.way.where;
  }

  async run(command: RemoteCommand): Promise<RemoteAnswer> {
    for (;;) {
      const connection = await this.connected();
      try {
        return await connection.run(command);
      } catch (error) {
        if (!(error instanceof NotRun && error.reason === 'lost')) {
          throw error;
        }
      }
    }
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

  /** Once for all who ask. */
  private connected(): Promise<Connection> {
    if (this.connection?.isOpen === true) {
      return Promise.resolve(this.connection);
    }
    this.connecting ??= this.connect().finally(() => {
      this.connecting = null;
    });
    return this.connecting;
  }

  private async connect(): Promise<Connection> {
    const connection = await this.way.connect();
    this.connection = connection;
    if (this.isClosed) {
      connection.close();
    }
    return connection;
  }
}
