import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AnyAuthMethod, Client, type ConnectConfig } from 'ssh2';
import { problem } from '../../../api/problem';
import { asProblem } from '../../asProblem';
import { algorithmsFor } from './algorithms';
import { type HostConfig, resolveHost } from './hostConfig';
import { type Identities, findIdentities } from './identities';
import {
  type KnownHost,
  type Verdict,
  fingerprint,
  judgeKey,
  keyType,
  knownTypes,
  parseKnownHosts
} from './knownHosts';

/** The most hosts to go through: a configuration may lead in a circle. */
const MOST_JUMPS = 8;

/** Milliseconds that a ProxyCommand has to end and to say what was wrong. */
const LAST_WORDS_MS = 500;

/** What a login needs from the outside. */
export interface LoginOptions {
  /** Another configuration file than the person's own. */
  configFile: string | null;
  /** The sockets of the callers' agents, the newest first. */
  agentSockets: readonly string[];
}

/** A connection on which somebody is logged in, and what has to be closed with it. */
export interface Login {
  client: Client;
  config: HostConfig;
}

/**
 * Logs in to a host as `ssh` would: its configuration, its jump hosts, its keys. The host's own key is checked before
 * anything is sent.
 *
 * @throws ProblemError that says what to do.
 */
export function login(alias: string, options: LoginOptions): Promise<Login> {
  return loginThrough(alias, null, [], options, MOST_JUMPS);
}

/** @param jumps The hosts to go through; those of the host's own configuration where there are none. */
async function loginThrough(
  alias: string,
  port: string | null,
  jumps: readonly string[],
  options: LoginOptions,
  most: number
): Promise<Login> {
  const [socket] = options.agentSockets;
  const environment = { ...process.env, ...(socket !== undefined && { SSH_AUTH_SOCK: socket }) };
  const config = await resolveHost(alias, { file: options.configFile, environment, port });
  const [identities, known] = await Promise.all([
    findIdentities(config, options.agentSockets),
    readKnownHosts(config.knownHostsFiles)
  ]);
  const way = await wayTo(config, jumps.length > 0 ? jumps : config.jumps, options, most);
  try {
    const client = await authenticate(config, identities, known, way.sock);
    client.once('close', way.close);
    return { client, config };
  } catch (error) {
    const words = asProblem(error).code === 'cluster-unreachable' ? await way.lastWords() : '';
    way.close();
    throw words === '' ? error : unreachable(config, words, error);
  }
}

/** How the bytes get there: a socket of ssh2's own, a program, or another host. */
interface Way {
  sock: Duplex | null;
  close: () => void;
  /** What it said when it failed. */
  lastWords: () => Promise<string>;
}

async function wayTo(
  config: HostConfig,
  jumps: readonly string[],
  options: LoginOptions,
  most: number
): Promise<Way> {
  const last = jumps.at(-1);
  if (last !== undefined) {
    const before = await loginAtJump(config, last, jumps.slice(0, -1), options, most);
    const close = (): void => void before.client.destroy();
    try {
      return { sock: await forward(before, config), close, lastWords: async () => '' };
    } catch (error) {
      close();
      throw error;
    }
  }
  return config.proxyCommand === null
    ? { sock: null, close: () => undefined, lastWords: async () => '' }
    : wayOfProgram(config.proxyCommand);
}

/** @param jump `user@host:port`, with or without `ssh://`, user and port; brackets are around an IPv6 address. */
function loginAtJump(
  config: HostConfig,
  jump: string,
  before: readonly string[],
  options: LoginOptions,
  most: number
): Promise<Login> {
  if (most === 0) {
    const output = `ProxyJump leads through more than ${MOST_JUMPS} hosts, or in a circle: ${jump}`;
    throw problem('ssh-config-invalid', { host: config.alias }, { details: { output } });
  }
  const [, user = '', host = '', port = null] =
    /^(?:ssh:\/\/)?(.*@)?(.*?)(?::(\d+))?$/.exec(jump) ?? [];
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return loginThrough(`${user}${bare}`, port, before, options, most - 1);
}

/** A program, run as OpenSSH runs a ProxyCommand: by the person's own shell, which it replaces. */
function wayOfProgram(command: string): Way {
  const shell = process.env['SHELL'] ?? '/bin/sh';
  const child = spawn(shell, ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-2000);
  });
  const ended = new Promise<void>(resolve => {
    child.once('error', error => {
      said = error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  const sock = Duplex.from({ readable: child.stdout, writable: child.stdin });
  sock.on('error', () => undefined);
  return {
    sock,
    close: () => void child.kill(),
    lastWords: async () => {
      await Promise.race([ended, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
      return said.trim();
    }
  };
}

function forward({ client, config }: Login, target: HostConfig): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    client.forwardOut('127.0.0.1', 0, target.hostName, target.port, (error, channel) => {
      if (error) {
        reject(unreachable(target, `${config.alias}: ${error.message}`, error));
      } else {
        resolve(channel);
      }
    });
  });
}

function authenticate(
  config: HostConfig,
  identities: Identities,
  known: readonly KnownHost[],
  sock: Duplex | null
): Promise<Client> {
  const { alias: as, hostKeyAlias: alias, hostName, port, user } = config;
  const host = { hostName, port, alias };
  const client = new Client();
  const said: Said = { verdict: null, key: null, methods: [], banner: '' };
  const settings: ConnectConfig = {
    host: hostName,
    port,
    username: user,
    readyTimeout: config.connectSeconds * 1000,
    keepaliveInterval: config.keepAlive.seconds * 1000,
    keepaliveCountMax: config.keepAlive.most,
    algorithms: algorithmsFor(config, knownTypes(known, host)),
    hostVerifier: (key: Buffer) => {
      said.key = key;
      said.verdict = judgeKey(known, host, key);
      return said.verdict.kind === 'known';
    },
    authHandler: offers(config, identities, said),
    ...(sock && { sock }),
    ...(config.family === 'inet' && { forceIPv4: true }),
    ...(config.family === 'inet6' && { forceIPv6: true }),
    ...(config.bindAddress !== null && { localAddress: config.bindAddress })
  };
  return new Promise((resolve, reject) => {
    let failure: Error | null = null;
    const fail = (): void => {
      client.destroy();
      reject(
        problemOf(config, identities, said, failure ?? new Error('the connection was closed'))
      );
    };
    // Small messages go to and fro from the beginning: each would wait for 40 ms.
    client.once('connect', () => client.setNoDelay(true));
    client.on('banner', text => {
      said.banner += text;
    });
    client.on('error', (error: Error & { level?: string }) => {
      // An agent that cannot sign with one key may have others.
      if (error.level !== 'agent') {
        failure ??= error;
        fail();
      }
    });
    client.once('close', fail);
    client.once('ready', () => {
      client.off('close', fail);
      resolve(client);
    });
    try {
      client.connect(settings);
    } catch (error) {
      reject(unreachable(config, `${as}: ${String(error)}`, error));
    }
  });
}

/** What the server has told so far. */
interface Said {
  verdict: Verdict | null;
  key: Buffer | null;
  methods: string[];
  banner: string;
}

/** One way to log in after another: none, to hear which there are; the agent's keys; those of files. */
function offers(
  { user: username }: HostConfig,
  { agent, keys }: Identities,
  said: Said
): NonNullable<ConnectConfig['authHandler']> {
  const rest: AnyAuthMethod[] = [
    { type: 'none', username },
    ...(agent ? [{ type: 'agent', username, agent } as const] : []),
    ...keys.map(({ key }) => ({ type: 'publickey', username, key }) as const)
  ];
  return (methods: string[] | null) => {
    said.methods = methods ?? said.methods;
    // A host that takes no keys would count each as an attempt.
    const [next] = methods === null || methods.includes('publickey') ? rest.splice(0, 1) : [];
    return (next ?? false) as AnyAuthMethod;
  };
}

interface SshError extends Error {
  level?: string;
  code?: unknown;
}

function problemOf(config: HostConfig, identities: Identities, said: Said, error: SshError): Error {
  const { alias: host } = config;
  if (said.verdict && said.key && said.verdict.kind !== 'known') {
    return hostKeyProblem(config, said.verdict, said.key);
  }
  if (error.level === 'client-authentication' || /authentication/i.test(error.message)) {
    return loginProblem(config, identities, said, error);
  }
  return error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN'
    ? problem(
        'host-not-found',
        { host: config.hostName },
        { details: { where: host, output: error.message }, cause: error }
      )
    : unreachable(config, error.message, error);
}

function hostKeyProblem(
  { alias, hostName, knownHostsFiles, port }: HostConfig,
  verdict: Exclude<Verdict, { kind: 'known' }>,
  key: Buffer
): Error {
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  const where = port === 22 ? hostName : `${hostName}:${port}`;
  switch (verdict.kind) {
    case 'unknown':
      return problem(
        'host-key-unknown',
        { host: alias, fingerprint: shown },
        { details: { where, output: `not in ${knownHostsFiles.join(', ')}` } }
      );
    case 'changed': {
      const { file, key: old, line, type } = verdict.entry;
      return problem(
        'host-key-changed',
        { host: alias, fingerprint: shown, known: `${type} ${fingerprint(old)}`, file, line },
        { details: { where } }
      );
    }
    case 'revoked': {
      const { file, line } = verdict.entry;
      return problem(
        'host-key-revoked',
        { host: alias, fingerprint: shown, file, line },
        { details: { where } }
      );
    }
    case 'authority': {
      const { file, line } = verdict.entry;
      return problem(
        'host-key-authority',
        { host: alias, fingerprint: shown, file, line },
        { details: { where } }
      );
    }
    default:
      return verdict satisfies never;
  }
}

function loginProblem(
  { alias: host, user }: HostConfig,
  { agentKeys, keys, locked, unsupported }: Identities,
  { banner, methods }: Said,
  error: Error
): Error {
  const lines = [
    error.message,
    `the host takes: ${methods.join(', ') || 'nothing that it names'}`,
    `shown: ${agentKeys} keys of the agent${keys.map(({ file }) => `, ${file}`).join('')}`,
    ...locked.map(file => `has a passphrase: ${file}`),
    ...unsupported.map(file => `cannot be used here: ${file}`),
    banner.trim()
  ];
  const more = { details: { where: host, output: lines.join('\n').trim() }, cause: error };
  const [first] = locked;
  const asks = methods.includes('password') || methods.includes('keyboard-interactive');
  const hasKey = agentKeys + keys.length + locked.length > 0;
  if (methods.length > 0 && (!methods.includes('publickey') || (asks && !hasKey))) {
    return problem('login-asks', { host, user }, more);
  }
  return first === undefined
    ? problem('login-refused', { host, user }, more)
    : problem('key-locked', { host, key: first }, more);
}

function unreachable({ alias }: HostConfig, output: string, cause: unknown): Error {
  return problem('cluster-unreachable', { cluster: alias }, { details: { output }, cause });
}

async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const read = files.map(async file =>
    readFile(file, 'utf8').then(
      text => parseKnownHosts(file, text),
      () => []
    )
  );
  return (await Promise.all(read)).flat();
}
