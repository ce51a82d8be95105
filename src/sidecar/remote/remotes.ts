import type { Agents } from './agents';
import type { Clock } from '../process/clock';
import type { Log } from '../process/log';
import { local } from './local';
import type { Remote } from './remote';
import { ssh } from './ssh';
import { SshConnection } from './ssh2/connection';

/** A cluster as far as reaching it goes: a host behind SSH, or this machine. */
export interface Reached {
  host: string | null;
}

/** The ways to all clusters; one connection a host, whoever uses it. */
export class Remotes {
  private readonly connections = new Map<string, SshConnection>();

  /** @param configFile Another SSH configuration than the person's own; null for that. */
  constructor(
    readonly configFile: string | null,
    private readonly agents: Agents,
    private readonly clock: Clock,
    private readonly log: Log
  ) {}

  /** The way to a cluster. Nothing is contacted before a command runs. */
  of({ host }: Reached): Remote {
    return host === null ? local : ssh(this.connection(host));
  }

  /** A person acts: a host that has refused us may be asked again. */
  forgive({ host }: Reached): void {
    if (host !== null) {
      this.connection(host).forgive();
    }
  }

  /** The machine has slept: no connection can be trusted. */
  dropAll(): void {
    this.connections.forEach(connection => connection.drop());
  }

  close(): void {
    this.connections.forEach(connection => connection.close());
  }

  private connection(host: string): SshConnection {
    const known = this.connections.get(host);
    if (known) {
      return known;
    }
    const options = (): { configFile: string | null; agentSockets: readonly string[] } => ({
      configFile: this.configFile,
      agentSockets: this.agents.newestFirst
    });
    const connection = new SshConnection(host, options, this.clock, this.log);
    this.connections.set(host, connection);
    return connection;
  }
}
