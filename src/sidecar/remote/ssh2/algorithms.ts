import type { Algorithms } from 'ssh2';
import { problem } from '../../../api/problem';
import type { HostConfig } from '../ssh/hostConfig';

/** What ssh2 speaks, the fastest first (its lib/protocol/constants.js). */
const CIPHERS = [
  'aes128-gcm@openssh.com',
  'aes256-gcm@openssh.com',
  'aes128-ctr',
  'aes192-ctr',
  'aes256-ctr',
  'chacha20-poly1305@openssh.com'
] as const;
const KEY_EXCHANGES = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group-exchange-sha256',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group15-sha512',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group17-sha512',
  'diffie-hellman-group18-sha512'
] as const;
const MACS = [
  'hmac-sha2-256-etm@openssh.com',
  'hmac-sha2-512-etm@openssh.com',
  'hmac-sha2-256',
  'hmac-sha2-512',
  'hmac-sha1-etm@openssh.com',
  'hmac-sha1'
] as const;
const HOST_KEYS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
  'ssh-rsa'
] as const;

/** The key type that an RSA signature algorithm belongs to, as known_hosts names it. */
const RSA = 'ssh-rsa';

/**
 * What to offer to a host: of what ssh2 speaks, that which the configuration allows. The host is asked for keys of
 * the types that known_hosts has first, as OpenSSH asks: a host with several keys would look unknown otherwise.
 */
export function algorithmsFor(config: HostConfig, knownTypes: readonly string[]): Algorithms {
  const { alias, ciphers, hostKeyAlgorithms, keyExchanges, macs } = config;
  const allowed = some(alias, 'HostKeyAlgorithms', HOST_KEYS, hostKeyAlgorithms);
  const isKnown = (algorithm: string): boolean =>
    knownTypes.includes(algorithm.startsWith('rsa-') ? RSA : algorithm);
  return {
    cipher: some(alias, 'Ciphers', CIPHERS, ciphers),
    kex: some(alias, 'KexAlgorithms', KEY_EXCHANGES, keyExchanges),
    hmac: some(alias, 'MACs', MACS, macs),
    serverHostKey: [...allowed.filter(isKnown), ...allowed.filter(name => !isKnown(name))]
  };
}

function some<T extends string>(
  alias: string,
  option: string,
  ours: readonly T[],
  allowed: readonly string[]
): T[] {
  const common = allowed.length === 0 ? [...ours] : ours.filter(name => allowed.includes(name));
  if (common.length === 0) {
    const output = `${option} ${allowed.join(',')}: none of them is supported here; supported are ${ours.join(',')}`;
    throw problem('ssh-config-invalid', { host: alias }, { details: { output } });
  }
  return common;
}
