import { createHmac, randomBytes } from 'node:crypto';
import path from 'node:path';
import { diskOf } from '../../files/disk';
import type { Interview } from '../interview';
import type { HostConfig } from '../ssh/hostConfig';
import { fingerprint, hostKeyName, keyType } from './knownHosts';

/** The length of a salt (hostfile.c of OpenSSH: that of a SHA-1 digest), in bytes. */
const SALT_BYTES = 20;

/**
 * Whether a host of which nothing is known is taken: as the configuration says (StrictHostKeyChecking), or the person. Its key
 * is written down then, as ssh does it.
 *
 * @throws ProblemError where a person was asked, and gave no answer.
 */
export async function takesNewHost(
  config: HostConfig,
  key: Buffer,
  interview: Interview
): Promise<boolean> {
  if (
    config.unknownHosts === 'refuse' ||
    (config.unknownHosts === 'ask' && !interview.isPossible)
  ) {
    return false;
  }
  if (config.unknownHosts === 'ask') {
    const { hostName, port } = config;
    const address = port === 22 ? hostName : `[${hostName}]:${port}`;
    await interview.ask({
      kind: 'host-key',
      key: { type: keyType(key), fingerprint: fingerprint(key), address }
    });
  }
  // Where that cannot be, ssh goes on, too: it is asked about the next time.
  await writeDown(config, key).catch(() => undefined);
  return true;
}

async function writeDown(config: HostConfig, key: Buffer): Promise<void> {
  const { hashesKnownHosts, newHostsFile } = config;
  if (newHostsFile === null) {
    return;
  }
  const { hostKeyAlias: alias, hostName, port } = config;
  const name = hostKeyName({ alias, hostName, port });
  const line = `${hashesKnownHosts ? hashed(name) : name} ${keyType(key)} ${key.toString('base64')}\n`;
  const folder = path.dirname(newHostsFile);
  const disk = diskOf(folder, 'login');
  await disk.mkdir(folder, { recursive: true, mode: 0o700 });
  const before = await disk.readAll(newHostsFile).then(
    bytes => bytes.toString('latin1'),
    () => ''
  );
  const isOpen = before !== '' && !before.endsWith('\n');
  await disk.writeFile(newHostsFile, isOpen ? `\n${line}` : line, { flag: 'a', mode: 0o600 });
}

/** sshd(8), SSH_KNOWN_HOSTS FILE FORMAT. */
function hashed(name: string): string {
  const salt = randomBytes(SALT_BYTES);
  const hash = createHmac('sha1', salt).update(name).digest('base64');
  return `|1|${salt.toString('base64')}|${hash}`;
}
