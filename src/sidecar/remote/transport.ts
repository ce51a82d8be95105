import type { Transport, TransportChoice, TransportReason } from '../../api/transport';
import type { SshOption } from './ssh/sshOptions';

/** What is known of a host, or of one on the way to it, before anybody knocks there. */
export interface TransportFacts {
  /** As `ssh -G` prints them. */
  options: readonly SshOption[];
  /** An option that protects and that ssh2 does not know; null where there is none. */
  refusedOption: string | null;
  /** Files of certificates of the person's. */
  certificates: readonly string[];
  /** The types of the keys that the person's agent has, and of those in files. */
  keyTypes: readonly string[];
  /** Whether known_hosts has a certificate authority for it. */
  hasAuthority: boolean;
  hasTicket: boolean;
  /** Files of keys that have a passphrase, where an agent of the person's is there that could take them, and has none of them. */
  keysForAgent: readonly string[];
}

/** Options that say of a host what only OpenSSH does, and the values with which they say nothing. */
const OPENSSH_ALONE: Record<string, readonly string[]> = {
  hostbasedauthentication: ['no', 'false'],
  knownhostscommand: ['none', ''],
  verifyhostkeydns: ['no', 'false', 'ask']
};

/** What letters ssh2's way replaces in a ProxyCommand (ssh/hostConfig.ts). */
const KNOWN_TOKENS = '%dhiklLnpru';

/**
 * What leads to a host: what the settings say, else ssh2 wherever it can do what ssh would do there.
 *
 * @param hosts The host, and those on the way.
 */
export function chooseTransport(
  asked: Transport,
  hosts: readonly TransportFacts[]
): TransportChoice {
  if (asked !== 'auto') {
    return { transport: asked, reason: 'setting', detail: '' };
  }
  for (const facts of hosts) {
    const [reason, detail] = reasonFor(facts) ?? [];
    if (reason !== undefined) {
      return { transport: 'openssh', reason, detail: detail ?? '' };
    }
  }
  return { transport: 'ssh2', reason: 'usual', detail: '' };
}

/** What speaks for OpenSSH; null where nothing does. */
function reasonFor(facts: TransportFacts): [reason: TransportReason, detail: string] | null {
  const { certificates, hasAuthority, hasTicket, keyTypes, keysForAgent, options, refusedOption } =
    facts;
  const one = (key: string): string => options.find(([name]) => name === key)?.[1] ?? '';
  if (refusedOption !== null) {
    return ['option', refusedOption];
  }
  const alone = options.find(
    ([name, value]) => Object.hasOwn(OPENSSH_ALONE, name) && !OPENSSH_ALONE[name]?.includes(value)
  );
  if (alone !== undefined) {
    return ['option', alone.join(' ')];
  }
  const adding = one('addkeystoagent');
  if (keysForAgent.length > 0 && !['', 'no', 'false'].includes(adding)) {
    return ['option', `addkeystoagent ${adding}`];
  }
  const unknown = [...one('proxycommand').matchAll(/%(.)/g)].find(
    ([, letter = '']) => !KNOWN_TOKENS.includes(letter)
  );
  if (unknown !== undefined) {
    return ['option', `proxycommand ${unknown[0]}`];
  }
  const [certificate] = certificates;
  const ofAgent = keyTypes.find(type => type.includes('-cert-v01@'));
  if (certificate !== undefined || ofAgent !== undefined) {
    return ['certificate', certificate ?? ofAgent ?? ''];
  }
  if (hasAuthority) {
    return ['authority', ''];
  }
  if (hasTicket && one('gssapiauthentication') === 'yes') {
    return ['ticket', ''];
  }
  const securityKey = keyTypes.find(type => type.startsWith('sk-'));
  if (securityKey !== undefined) {
    return ['security-key', securityKey];
  }
  const provider = one('pkcs11provider');
  return provider === '' || provider === 'none' ? null : ['pkcs11', provider];
}
