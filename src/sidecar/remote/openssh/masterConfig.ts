import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { PrivateFolder } from './privateFolder';

/** Seconds until an attempt is given up, and between two signs of life, where the configuration says nothing. */
const CONNECT_SECONDS = 20;
const KEEP_ALIVE_SECONDS = 15;

/**
 * What counts before the person's own configuration. It stands in a file, because options of the command line do not reach the
 * ssh of a host on the way (ssh.c, ProxyJump).
 */
const OURS = [
  'ControlMaster no',
  'ControlPersist no',
  'ClearAllForwardings yes',
  'ForwardAgent no',
  'ForwardX11 no',
  'Tunnel no',
  'PermitLocalCommand no',
  'RemoteCommand none',
  'RequestTTY no',
  'EscapeChar none',
  // Tells what a host offers, and which key it shows.
  'LogLevel DEBUG1',
  // After an answer that is not taken, the person decides about the next one.
  'NumberOfPasswordPrompts 1'
];

/** How a connection is to be made. */
export interface MasterOptions {
  /** Another configuration file than the person's own and the system's; null for these. */
  configFile: string | null;
  /** Whether somebody answers questions. */
  asks: boolean;
  /** Whether some key can be opened without anybody. */
  opens: boolean;
}

/** Writes the configuration that ssh is started with: the person's, and ours around it. */
export async function writeConfig(
  folder: PrivateFolder,
  { asks, configFile, opens }: MasterOptions
): Promise<void> {
  let theirs = ['~/.ssh/config', '/etc/ssh/ssh_config'];
  if (configFile !== null) {
    // Include has patterns; a link of ours has a name without any.
    const link = path.join(folder.path, 'theirs');
    await symlink(path.resolve(configFile), link);
    theirs = [`"${link}"`];
  }
  const lines = [
    ...OURS,
    ...(asks || opens ? [] : ['BatchMode yes']),
    ...(asks ? [] : ['AddKeysToAgent no']),
    ...theirs.map(file => `Include ${file}`),
    'Host *',
    `ConnectTimeout ${CONNECT_SECONDS}`,
    `ServerAliveInterval ${KEEP_ALIVE_SECONDS}`
  ];
  await writeFile(folder.config, `${lines.join('\n')}\n`, { mode: 0o600 });
}
