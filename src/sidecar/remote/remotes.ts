import type { Transport, TransportChoice } from '../../api/transport';
import type { Agents } from './agents';
import type { Behalf } from './asker';
import type { Clock } from '../process/clock';
import type { Log } from '../process/log';
import { type TransportOf, chosenWay } from './chosenWay';
import { Gate, LOGIN_PAUSE_SECONDS, gated } from './gate';
import { local } from './local';
import { OneConnection } from './oneConnection';
import { oneSession } from './oneShell/oneSession';
import type { Questions } from './questions';
import type { Reached, Remote } from './remote';
import { inSlots } from './slots';
import type { LoginOptions } from './ssh2/login';
import { Passphrases } from './ssh2/passphrases';
import type { Carrying, Way } from './way';
import type { OneShell } from './oneShell/oneShell';

/** The most that runs on one connection at a time; servers allow ten by default (sshd_config(5), MaxSessions). */
const MOST_COMMANDS = 6;

/** The one connection to a host, and when one may knock there. */
interface Host {
  remote: OneConnection;
  gate: Gate;
  /** What connections are to be made with, and what the last one was. */
  asked: Transport;
  transport: TransportChoice | null;
}

/** The ways to all clusters; one connection a host, whoever uses it. */
export class Remotes {
  private readonly hosts = new Map<string, Host>();
  private readonly passphrases = new Passphrases();

  /**
   * @param configFile Another SSH configuration than the person's own; null for that.
   * @param pauseSeconds Between two logins at a host that nobody has asked for.
   */
  constructor(
    readonly configFile: string | null,
    private readonly agents: Agents,
    private readonly questions: Questions,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly pauseSeconds = LOGIN_PAUSE_SECONDS
  ) {}

  /** The way to a cluster. Nothing is contacted before a command runs. */
  of({ host, transport }: Reached): Remote {
    return host === null ? local : this.host(host, transport).remote;
  }

  /** What the last connection to a cluster was made with, and why; null where there was none. */
  transportOf({ host }: Reached): TransportChoice | null {
    return host === null ? null : this.host(host).transport;
  }

  /**
   * Somebody wants to reach a cluster: a person acts, so a host that has refused us may be asked again; and where the person
   * answers, we are logged in afterwards.
   *
   * @throws ProblemError when the login of an answering person fails.
   */
  async reach({ host, transferHost = null, transport }: Reached, behalf: Behalf): Promise<void> {
    await this.reachHost({ host, ...(transport && { transport }) }, behalf);
    if (host !== null && transferHost !== null && transferHost !== host) {
      await this.reachHost({ host: transferHost, ...(transport && { transport }) }, behalf);
    }
  }

  private async reachHost({ host, transport }: Reached, behalf: Behalf): Promise<void> {
    if (host === null) {
      return;
    }
    const known = this.host(host, transport);
    // What the settings say now; jobs remember what they said once.
    known.asked = transport ?? known.asked;
    if (behalf === 'nobody') {
      return;
    }
    const { gate, remote } = known;
    gate.forgive();
    if (behalf === 'answering-person') {
      await remote.signIn(this.questions.askerFor(host));
    }
  }

  /** The machine has slept for so many seconds: no connection can be trusted. */
  dropAll(seconds: number): void {
    for (const { gate, remote } of this.hosts.values()) {
      gate.woken(seconds);
      remote.drop();
    }
  }

  close(): void {
    this.passphrases.forgetAll();
    this.hosts.forEach(({ remote }) => remote.close());
  }

  private host(name: string, asked?: Transport): Host {
    const known = this.hosts.get(name);
    if (known) {
      return known;
    }
    const gate = new Gate(name, this.clock, this.pauseSeconds);
    const transport: TransportOf = {
      asked: () => made.asked,
      chosen: choice => {
        made.transport = choice;
      }
    };
    const carrying = oneSession(this.way(name, transport), this.clock);
    const way = inSlots(carrying, MOST_COMMANDS, this.clock);
    const remote = new OneConnection(gated(way, gate, this.log));
    const made: Host = { gate, remote, asked: asked ?? 'auto', transport: null };
    this.hosts.set(name, made);
    return made;
  }

  private way(host: string, transport: TransportOf): Way<Carrying | OneShell> {
    const options = (): LoginOptions => ({
      configFile: this.configFile,
      agentSockets: this.agents.newestFirst,
      passphrases: this.passphrases
    });
    return chosenWay(host, transport, options, this.log);
  }
}
