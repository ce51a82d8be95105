import type { Agents } from './agents';
import type { Behalf } from './asker';
import type { Clock } from '../process/clock';
import type { Log } from '../process/log';
import { Gate, gated } from './gate';
import { local } from './local';
import { OneConnection } from './oneConnection';
import type { Questions } from './questions';
import type { Reached, Remote } from './remote';
import { inSlots } from './slots';
import { ssh2Way } from './ssh2/connection';
import type { LoginOptions } from './ssh2/login';
import type { Way } from './way';

/** The most that runs on one connection at a time; servers allow ten by default (sshd_config(5), MaxSessions). */
const MOST_COMMANDS = 6;

/** The one connection to a host, and when one may knock there. */
interface Host {
  remote: OneConnection;
  gate: Gate;
}

/** The ways to all clusters; one connection a host, whoever uses it. */
export class Remotes {
  private readonly hosts = new Map<string, Host>();

  /** @param configFile Another SSH configuration than the person's own; null for that. */
  constructor(
    readonly configFile: string | null,
    private readonly agents: Agents,
    private readonly questions: Questions,
    private readonly clock: Clock,
    private readonly log: Log
  ) {}

  /** The way to a cluster. Nothing is contacted before a command runs. */
  of({ host }: Reached): Remote {
    return host === null ? local : this.host(host).remote;
  }

  /**
   * Somebody wants to reach a cluster: a person acts, so a host that has refused us may be asked again; and where the person
   * answers, we are logged in afterwards.
   *
   * @throws ProblemError when the login of an answering person fails.
   */
  async reach({ host }: Reached, behalf: Behalf): Promise<void> {
    if (host === null || behalf === 'nobody') {
      return;
    }
    const { gate, remote } = this.host(host);
    gate.forgive();
    if (behalf === 'answering-person') {
      await remote.signIn(this.questions.askerFor(host));
    }
  }

  /** The machine has slept: no connection can be trusted. */
  dropAll(): void {
    for (const { gate, remote } of this.hosts.values()) {
      gate.woken();
      remote.drop();
    }
  }

  close(): void {
    this.hosts.forEach(({ remote }) => remote.close());
  }

  private host(name: string): Host {
    const known = this.hosts.get(name);
    if (known) {
      return known;
    }
    const gate = new Gate(this.clock);
    const way = inSlots(this.way(name), MOST_COMMANDS, this.clock);
    const made = { gate, remote: new OneConnection(gated(way, gate, this.log)) };
    this.hosts.set(name, made);
    return made;
  }

  private way(host: string): Way {
    const options = (): LoginOptions => ({
      configFile: this.configFile,
      agentSockets: this.agents.newestFirst
    });
    return ssh2Way(host, options, this.log);
  }
}
