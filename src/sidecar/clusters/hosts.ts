import { SCHEDULERS, type SchedulerName } from '../../api/cluster';
import type { Transport } from '../../api/transport';
import { schedulers } from '../../schedulers';
import type { Behalf } from '../remote/asker';
import { commandFailed } from '../remote/failure';
import type { Reached, Remote } from '../remote/remote';
import { newMark } from '../remote/mark';
import { runScript } from '../remote/script';
import { type HostFacts as FactsOf, SITE_FILE, factsScript, readFacts } from './hostFacts';

export type HostFacts = FactsOf<SchedulerName>;

/** Seconds until a host has to have answered the first question: start-up files that hang are to be told soon. */
const LOOK_SECONDS = 45;

/** What has been found out about hosts, by asking each once. */
export class Hosts {
  private readonly facts = new Map<string, Promise<HostFacts>>();
  private readonly found = new Map<string, HostFacts>();
  private readonly names = new Map<string, string>();

  constructor(
    private readonly remoteOf: (host: string, transport: Transport) => Remote,
    /** Somebody wants to reach a host. */
    private readonly reach: (cluster: Reached, behalf: Behalf) => Promise<unknown>,
    /** The name that ssh connects to for a host; null where it does not say, or is not asked. */
    private readonly nameOf: ((host: string) => Promise<string | null>) | null = null,
    /** The file in which a cluster says what counts for jobs on it. */
    private readonly siteFile: string = SITE_FILE
  ) {}

  /** What is known already; nothing is contacted. */
  known(host: string): HostFacts | null {
    return this.found.get(host) ?? null;
  }

  /** The name that ssh connects to, once somebody wanted to reach the host; until then what it is called. */
  nameFor(host: string): string {
    return this.names.get(host) ?? host.replace(/^.*@/s, '');
  }

  /**
   * What is known, or what one command there tells.
   *
   * @param transport What the settings ask for.
   * @param transferHost A host that is reached with it.
   * @throws ProblemError
   */
  async find(
    host: string,
    behalf: Behalf,
    transport: Transport = 'auto',
    transferHost: string | null = null
  ): Promise<HostFacts> {
    if (this.nameOf !== null && !this.names.has(host)) {
      await this.learnName(host, this.nameOf);
    }
    if (behalf !== 'nobody') {
      await this.reach({ host, transferHost, transport }, behalf);
    }
    const known = this.facts.get(host);
    if (known) {
      return known;
    }
    const asked = this.ask(host, transport);
    this.facts.set(host, asked);
    const isNewest = (): boolean => this.facts.get(host) === asked;
    asked.then(
      facts => isNewest() && this.found.set(host, facts),
      () => isNewest() && this.facts.delete(host)
    );
    return asked;
  }

  /** Looks anew the next time: what was installed since then is found. */
  forget(host: string): void {
    this.facts.delete(host);
    this.names.delete(host);
  }

  /** Before the login, so that what is known of the host can be said where that fails. */
  private async learnName(
    host: string,
    nameOf: (host: string) => Promise<string | null>
  ): Promise<void> {
    const name = await nameOf(host);
    if (name !== null) {
      this.names.set(host, name);
    }
  }

  private async ask(host: string, transport: Transport): Promise<HostFacts> {
    const remote = this.remoteOf(host, transport);
    const mark = newMark();
    const answer = await runScript(
      { remote },
      {
        body: factsScript(schedulers, mark, this.siteFile),
        timeoutSeconds: LOOK_SECONDS
      }
    );
    const facts = readFacts(answer.stdout, schedulers, mark);
    if (facts === null) {
      throw commandFailed({ title: host }, remote, 'command -v', answer);
    }
    return facts;
  }
}

/**
 * The batch systems of a host that its jobs may be for: the one that is asked for, where it is there, or all that were found.
 */
export function schedulersOf(
  { schedulers: found }: HostFacts,
  asked: SchedulerName | undefined
): SchedulerName[] {
  return asked === 'local' ? [asked] : found.filter(name => asked === undefined || name === asked);
}

/** The commands that are looked for, of one batch system or of all. */
export function programsOf(asked: SchedulerName | undefined): string {
  const programs = SCHEDULERS.filter(name => asked === undefined || name === asked).flatMap(
    name => schedulers[name].detect?.program ?? []
  );
  return [...new Set(programs)].join(', ');
}
