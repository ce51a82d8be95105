import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A key that ssh-keygen has made. */
export interface KeyPair {
  /** The private half; the public one is beside it. */
  file: string;
  /** Type and key, as known_hosts and authorized_keys have them. */
  line: string;
  /** The public half as it goes over the wire. */
  blob: Buffer;
}

/** Makes a key `folder`/`name`; `options` are ssh-keygen's own. */
export function makeKey(
  folder: string,
  name: string,
  options: readonly string[] = ['-t', 'ed25519'],
  passphrase = ''
): KeyPair {
  const file = path.join(folder, name);
  execFileSync('ssh-keygen', ['-q', ...options, '-N', passphrase, '-C', name, '-f', file]);
  const [type = '', base64 = ''] = readFileSync(`${file}.pub`, 'utf8').split(' ');
  return { file, line: `${type} ${base64}`, blob: Buffer.from(base64, 'base64') };
}
