import { createHash, createHmac } from 'node:crypto';

/** One line of a known_hosts file (sshd(8), SSH_KNOWN_HOSTS FILE FORMAT). */
export interface KnownHost {
  file: string;
  /** From 1. */
  line: number;
  marker: 'revoked' | 'cert-authority' | null;
  /** Comma-separated patterns, or one hashed name. */
  names: string;
  /** Such as `ssh-ed25519`. */
  type: string;
  key: Buffer;
}

/** What known_hosts says of a key that a host has shown. */
export type Verdict =
  | { kind: 'known' }
  | { kind: 'unknown' }
  /** Other keys of this host are known. */
  | { kind: 'changed'; entry: KnownHost }
  | { kind: 'revoked'; entry: KnownHost }
  /** Only certificates are known, which we cannot check. */
  | { kind: 'authority'; entry: KnownHost };

/** Reads a known_hosts file; lines that are none are passed over, as OpenSSH does. */
export function parseKnownHosts(file: string, text: string): KnownHost[] {
  return text.split('\n').flatMap((whole, index) => {
    const words = whole.trim().split(/\s+/);
    const marker = words[0]?.startsWith('@') ? words.shift()?.slice(1) : null;
    const [names, type, base64] = words;
    const isKnownMarker = marker === null || marker === 'revoked' || marker === 'cert-authority';
    if (!isKnownMarker || names === undefined || type === undefined || base64 === undefined) {
      return [];
    }
    const key = Buffer.from(base64, 'base64');
    return names.startsWith('#') || keyType(key) !== type
      ? []
      : [{ file, line: index + 1, marker, names, type, key }];
  });
}

/** Where a host is looked up: its name, and its port when that is not 22. `alias` (HostKeyAlias) stands for both. */
export interface Lookup {
  hostName: string;
  port: number;
  alias: string | null;
}

/**
 * Decides about a key as OpenSSH does (sshconnect.c, check_host_key): a revoked key is never right; a known key is.
 * Only a host of which nothing is known at its port is looked up without the port, and there only what is known or
 * revoked counts.
 */
export function judgeKey(known: readonly KnownHost[], host: Lookup, key: Buffer): Verdict {
  const verdict = judge(known, host, key);
  if (host.alias === null && (verdict.kind === 'unknown' || verdict.kind === 'authority')) {
    const withoutPort = judge(known, { ...host, port: 22 }, key);
    return withoutPort.kind === 'known' || withoutPort.kind === 'revoked' ? withoutPort : verdict;
  }
  return verdict;
}

function judge(known: readonly KnownHost[], host: Lookup, key: Buffer): Verdict {
  const isIt = (entry: KnownHost): boolean => entry.key.equals(key);
  const revoked = entriesOf(known, host, 'revoked').find(isIt);
  if (revoked) {
    return { kind: 'revoked', entry: revoked };
  }
  const entries = entriesOf(known, host);
  if (entries.some(isIt)) {
    return { kind: 'known' };
  }
  // Without the type that is known, the key is another one, too.
  const type = keyType(key);
  const other = entries.find(entry => entry.type === type) ?? entries[0];
  if (other) {
    return { kind: 'changed', entry: other };
  }
  const [authority] = entriesOf(known, host, 'cert-authority');
  return authority ? { kind: 'authority', entry: authority } : { kind: 'unknown' };
}

/** The types of the keys that are known of a host, in the order of the files. */
export function knownTypes(known: readonly KnownHost[], host: Lookup): string[] {
  const there = entriesOf(known, host);
  const entries = there.length > 0 ? there : entriesOf(known, { ...host, port: 22 });
  return [...new Set(entries.map(({ type }) => type))];
}

/** Whether certificates of a host count (`@cert-authority`). */
export function hasAuthority(known: readonly KnownHost[], host: Lookup): boolean {
  return [host, { ...host, port: 22 }].some(
    at => entriesOf(known, at, 'cert-authority').length > 0
  );
}

/** The type that a key names itself: the first string in it (RFC 4253, 6.6). */
export function keyType(key: Buffer): string {
  const end = key.length < 4 ? 0 : 4 + key.readUInt32BE(0);
  return end > key.length ? '' : key.toString('latin1', 4, end);
}

/** How many bits the modulus of an RSA key has; null for a key of another kind (RFC 4253, 6.6). */
export function rsaBits(key: Buffer): number | null {
  if (keyType(key) !== 'ssh-rsa') {
    return null;
  }
  const [, , modulus = Buffer.alloc(0)] = strings(key);
  const first = modulus.findIndex(byte => byte !== 0);
  return first < 0 ? 0 : 8 * (modulus.length - first) - Math.clz32(modulus[first] ?? 0) + 24;
}

/** The strings that a key consists of, as far as they are whole. */
function strings(key: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 4 <= key.length;) {
    const end = at + 4 + key.readUInt32BE(at);
    if (end > key.length) {
      break;
    }
    found.push(key.subarray(at + 4, end));
    at = end;
  }
  return found;
}

/** As `ssh-keygen -l` prints it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** The name under which a host is looked up, and written down. */
export function hostKeyName({ alias, hostName, port }: Lookup): string {
  const plain = (alias ?? hostName).toLowerCase();
  return alias === null && port !== 22 ? `[${plain}]:${port}` : plain;
}

function entriesOf(
  known: readonly KnownHost[],
  host: Lookup,
  marker: KnownHost['marker'] = null
): KnownHost[] {
  const name = hostKeyName(host);
  return known.filter(entry => entry.marker === marker && matches(entry.names, name));
}

/** Whether a line is about a host; one negated pattern that matches is enough to rule it out. */
function matches(names: string, name: string): boolean {
  if (names.startsWith('|1|')) {
    const [, , salt = '', hash = ''] = names.split('|');
    const ours = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64');
    return ours === hash;
  }
  const patterns = names.toLowerCase().split(',');
  const fits = (pattern: string): boolean => glob(pattern).test(name);
  return (
    patterns.some(pattern => !pattern.startsWith('!') && fits(pattern)) &&
    !patterns.some(pattern => pattern.startsWith('!') && fits(pattern.slice(1)))
  );
}

/** A pattern of known_hosts: `*` and `?`, and nothing else that means anything. */
function glob(pattern: string): RegExp {
  const text = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${text.replaceAll('*', '.*').replaceAll('?', '.')}$`);
}
