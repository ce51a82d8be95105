import { hostname, userInfo } from 'node:os';
import { sshOptions } from './sshOptions';

/** How a host is reached, as ~/.ssh/config and the system's own configuration say it. */
export interface HostConfig {
  /** As it was asked for. */
  alias: string;
  hostName: string;
  port: number;
  user: string;
  /** The name that known_hosts has it under, where that is another one. */
  hostKeyAlias: string | null;
  /** Names of key types, the preferred first. */
  hostKeyAlgorithms: string[];
  knownHostsFiles: string[];
  /** A file of keys that are never right; a host cannot be judged while it cannot be read. */
  revokedHostKeys: string | null;
  /** The least bits that an RSA key may have, a host's or one's own. */
  requiredRsaSize: number;
  /** Whether own keys may be shown at all. */
  showsKeys: boolean;
  /** How one may log in, the preferred first, as SSH names these ways. */
  methods: string[];
  /** What is done with a host whose key is not known: a person is asked; it is taken, and written down; it is refused. */
  unknownHosts: 'ask' | 'accept' | 'refuse';
  /** The file that a new host is written into; null: none, and ssh then takes no new host (9.2, sshconnect.c). */
  newHostsFile: string | null;
  /** Whether its name is hashed there. */
  hashesKnownHosts: boolean;
  /** Signature algorithms of the keys that may be shown. */
  acceptedKeyAlgorithms: string[];
  identityFiles: string[];
  /** Those of certificates that it names; others lie beside the keys. */
  certificateFiles: string[];
  identitiesOnly: boolean;
  /** The agent's socket; `caller`: the one of SSH_AUTH_SOCK. */
  agent: { kind: 'none' } | { kind: 'caller' } | { kind: 'socket'; path: string };
  /** The hosts to go through, the nearest first, as `user@host:port` or `ssh://user@host:port`. */
  jumps: string[];
  /** A shell command whose standard input and output are the way to the host. */
  proxyCommand: string | null;
  /** Seconds until an attempt is given up. */
  connectSeconds: number;
  /** How often it is tried to connect, where the host does not take the connection. */
  connectionAttempts: number;
  /** Seconds between two signs of life on a quiet connection, and how many may stay without an answer. */
  keepAlive: { seconds: number; most: number };
  family: 'any' | 'inet' | 'inet6';
  bindAddress: string | null;
  ciphers: string[];
  keyExchanges: string[];
  macs: string[];
  /** Variables that the server is asked to set. */
  setEnv: Record<string, string>;
}

/** Seconds until an attempt is given up where the configuration says nothing. */
const CONNECT_SECONDS = 20;

/** Seconds between two signs of life where the configuration says nothing: a link that is dead has to be noticed. */
const KEEP_ALIVE_SECONDS = 15;

/** Reads what `ssh -G` printed; paths are completed as OpenSSH completes them (ssh_config(5), TOKENS). */
export function hostConfig(
  alias: string,
  printed: string,
  environment: NodeJS.ProcessEnv
): HostConfig {
  const options = sshOptions(printed);
  const all = (key: string): string[] =>
    options.filter(([name]) => name === key).map(([, value]) => value);
  const one = (key: string): string | null => {
    const value = all(key)[0] ?? null;
    return value === 'none' || value === '' ? null : value;
  };
  const list = (key: string): string[] => one(key)?.split(',') ?? [];
  const given = one('host') ?? alias.replace(/^.*@/, '');
  const hostName = one('hostname') ?? given;
  const port = Number(one('port') ?? 22);
  const user = one('user') ?? userInfo().username;
  const hostKeyAlias = one('hostkeyalias');
  const home = userInfo().homedir;
  const tokens: Record<string, string> = {
    '%': '%',
    d: home,
    h: hostName,
    i: String(userInfo().uid),
    k: hostKeyAlias ?? given,
    l: hostname(),
    L: hostname().replace(/\..*/, ''),
    n: given,
    p: String(port),
    r: user,
    u: userInfo().username
  };
  const expand = (text: string): string =>
    text.replace(/%(.)/g, (whole, letter: string) => tokens[letter] ?? whole);
  const file = (path: string): string =>
    expand(path.replace(/^~(?=\/|$)/, () => home)).replace(
      /\$\{([^}]+)\}/g,
      (whole, name: string) => environment[name] ?? whole
    );
  const proxyCommand = one('proxycommand');
  const seconds = Number(one('connecttimeout'));
  const aliveSeconds = Number(one('serveraliveinterval'));
  const family = one('addressfamily');
  const revokedHostKeys = one('revokedhostkeys');
  const preferred = list('preferredauthentications');
  const newHostsFile =
    all('userknownhostsfile')
      .flatMap(filesIn)
      .map(file)
      .find(path => path !== 'none') ?? null;
  return {
    alias,
    hostName,
    port,
    user,
    hostKeyAlias,
    hostKeyAlgorithms: list('hostkeyalgorithms'),
    knownHostsFiles: [...all('userknownhostsfile'), ...all('globalknownhostsfile')]
      .flatMap(filesIn)
      .filter(path => path !== 'none')
      .map(file),
    revokedHostKeys: revokedHostKeys === null ? null : file(revokedHostKeys),
    requiredRsaSize: Number(one('requiredrsasize') ?? 0),
    showsKeys:
      !/^(no|false)$/.test(one('pubkeyauthentication') ?? '') &&
      (preferred.length === 0 || preferred.includes('publickey')),
    methods: methodsOf(preferred, one),
    unknownHosts: newHostsFile === null ? 'refuse' : unknownHostsOf(one('stricthostkeychecking')),
    newHostsFile,
    hashesKnownHosts: isYes(one('hashknownhosts')),
    acceptedKeyAlgorithms: list('pubkeyacceptedalgorithms'),
    identityFiles: all('identityfile')
      .filter(path => path !== 'none')
      .map(file),
    certificateFiles: all('certificatefile')
      .filter(path => path !== 'none')
      .map(file),
    identitiesOnly: one('identitiesonly') === 'yes',
    agent: agentOf(all('identityagent')[0], file, environment),
    jumps: list('proxyjump').map(expand),
    proxyCommand: proxyCommand === null ? null : expand(proxyCommand),
    connectSeconds: seconds > 0 ? seconds : CONNECT_SECONDS,
    connectionAttempts: Number(one('connectionattempts') ?? 1),
    keepAlive: {
      seconds: aliveSeconds > 0 ? aliveSeconds : KEEP_ALIVE_SECONDS,
      most: Number(one('serveralivecountmax') ?? 3)
    },
    family: family === 'inet' || family === 'inet6' ? family : 'any',
    bindAddress: one('bindaddress'),
    ciphers: list('ciphers'),
    keyExchanges: list('kexalgorithms'),
    macs: list('macs'),
    setEnv: Object.fromEntries(
      all('setenv').map(pair => [
        pair.slice(0, pair.indexOf('=')),
        pair.slice(pair.indexOf('=') + 1)
      ])
    )
  };
}

/** What OpenSSH prefers where nobody says anything, of what is done here (sshconnect2.c). */
const METHODS = ['publickey', 'keyboard-interactive', 'password'];

/** With BatchMode, nobody is to be asked. */
function methodsOf(preferred: readonly string[], one: (key: string) => string | null): string[] {
  const isOn: Record<string, boolean> = {
    publickey: !isNo(one('pubkeyauthentication')),
    'keyboard-interactive': !isNo(one('kbdinteractiveauthentication')) && !isYes(one('batchmode')),
    password: !isNo(one('passwordauthentication')) && !isYes(one('batchmode'))
  };
  const wanted = preferred.length === 0 ? METHODS : preferred;
  return wanted.filter(method => isOn[method] ?? false);
}

function unknownHostsOf(said: string | null): HostConfig['unknownHosts'] {
  if (said === 'accept-new' || isNo(said) || said === 'off') {
    return 'accept';
  }
  return isYes(said) ? 'refuse' : 'ask';
}

function isYes(said: string | null): boolean {
  return said === 'yes' || said === 'true';
}

function isNo(said: string | null): boolean {
  return said === 'no' || said === 'false';
}

function agentOf(
  said: string | undefined,
  file: (path: string) => string,
  environment: NodeJS.ProcessEnv
): HostConfig['agent'] {
  if (said === undefined || said === 'SSH_AUTH_SOCK') {
    return { kind: 'caller' };
  }
  const path = said.startsWith('$') && !said.startsWith('${') ? environment[said.slice(1)] : said;
  return said === 'none' || path === undefined || path === ''
    ? { kind: 'none' }
    : { kind: 'socket', path: file(path) };
}

/** The absolute names of files in one line: `ssh -G` puts blanks between them, and nothing around those with blanks. */
function filesIn(line: string): string[] {
  return line.split(/ +(?=[/~])/).filter(file => file !== '');
}

/**
 * A host of ProxyJump: `user@host:port`, with or without `ssh://`, user and port; brackets are around an IPv6 address.
 *
 * @returns The host as `ssh` takes it, and its port; null for the configuration's.
 */
export function readJump(jump: string): { alias: string; port: string | null } {
  const [, user = '', host = '', port = null] =
    /^(?:ssh:\/\/)?(.*@)?(.*?)(?::(\d+))?$/.exec(jump) ?? [];
  return { alias: `${user}${host.replace(/^\[(.*)\]$/, '$1')}`, port };
}
