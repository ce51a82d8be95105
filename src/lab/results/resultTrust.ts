import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { TRUST_RULES, type TrustRule, readTrustSettings } from '../../api/trustSettings';

/** The settings of the extension, as far as they are about trust. */
export interface TrustStore {
  readonly changed: ISignal<unknown, unknown>;
  /** Both keys as they stand there. */
  read(): unknown;
  write(trustedHosts: string[]): Promise<void>;
}

/**
 * Whether results are trusted, by the host that they come from: its answer is a stranger's word, and outputs of a trusted
 * notebook run scripts in the person's page. Goes by the host and not by the cluster's name, which may come to mean another one.
 */
export class ResultTrust {
  readonly changed = new Signal<this, void>(this);
  private store: TrustStore | null = null;

  /** @param locked The rule of an administrator, which counts before the person's; null: there is none. */
  constructor(private readonly locked: TrustRule | null) {}

  /** The settings are there; until then nobody is trusted. */
  use(store: TrustStore): void {
    this.store = store;
    store.changed.connect(() => this.changed.emit());
    this.changed.emit();
  }

  /**
   * What is done with a result that came from a host; null: from this machine, whose results are as trusted as their source.
   */
  judge(host: string | null): 'trusted' | 'ask' | 'never' {
    if (host === null) {
      return 'trusted';
    }
    const { trustResults, trustedHosts } = this.settings;
    const rule = this.locked ?? trustResults;
    if (rule === 'ask') {
      return trustedHosts.includes(host) ? 'trusted' : 'ask';
    }
    return rule === 'always' ? 'trusted' : 'never';
  }

  /** Trusts what comes from a host from now on; the settings take it back. */
  async remember(host: string): Promise<void> {
    const { trustedHosts } = this.settings;
    if (!trustedHosts.includes(host)) {
      await this.store?.write([...trustedHosts, host]);
    }
  }

  private get settings(): ReturnType<typeof readTrustSettings> {
    return readTrustSettings(this.store?.read());
  }
}

/** The administrator's rule as the page was told it (labconfig/page_config.json); one that is none asks. */
export function lockedRule(option: string): TrustRule | null {
  return option === '' ? null : (TRUST_RULES.find(rule => rule === option) ?? 'ask');
}
