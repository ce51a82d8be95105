import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keyType } from './knownHosts';

/** How a key revocation list begins (PROTOCOL.krl); any other file is a list of public keys, one a line. */
const KRL = Buffer.from('SSHKRL\n\0', 'latin1');

/** Milliseconds that OpenSSH may take to look a key up. */
const LOOK_UP_MS = 10_000;

/**
 * Whether a file of RevokedHostKeys has a key, as OpenSSH reads it (authfile.c, sshkey_check_revoked).
 *
 * @throws Error when that cannot be told: the file is not there, or is none.
 */
export async function isRevoked(file: string, key: Buffer): Promise<boolean> {
  const content = await readFile(file);
  return content.subarray(0, KRL.length).equals(KRL)
    ? isInRevocationList(file, key)
    : keysIn(content.toString('latin1')).some(revoked => revoked.equals(key));
}

/** Keys with whatever is written before and behind them. */
function keysIn(text: string): Buffer[] {
  return text
    .split('\n')
    .filter(line => !line.trimStart().startsWith('#'))
    .flatMap(line => line.split(/\s+/))
    .filter(word => /^AAAA[A-Za-z0-9+/]+=*$/.test(word))
    .map(word => Buffer.from(word, 'base64'));
}

/** Asks OpenSSH itself: it ends with 0 when the key is not in the list, and says REVOKED when it is. */
async function isInRevocationList(file: string, key: Buffer): Promise<boolean> {
  const folder = await mkdtemp(path.join(tmpdir(), 'submit-key-'));
  try {
    const shown = path.join(folder, 'shown.pub');
    await writeFile(shown, `${keyType(key)} ${key.toString('base64')}\n`);
    return await askOpenSsh(file, shown);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function askOpenSsh(file: string, shown: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const argv = ['-Q', '-f', file, shown];
    execFile('ssh-keygen', argv, { timeout: LOOK_UP_MS }, (error, stdout, stderr) => {
      if (!error) {
        resolve(false);
      } else if (/: REVOKED\s*$/m.test(stdout)) {
        resolve(true);
      } else {
        reject(new Error(`ssh-keygen ${argv.join(' ')}: ${stderr || error.message}`));
      }
    });
  });
}
