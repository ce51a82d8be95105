import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { Duplex } from 'node:stream';
import { type AnyAuthMethod, Client, type ConnectConfig } from 'ssh2';
import { problem } from '../../../api/problem';
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

/** Milliseconds between two signs of life on a quiet connection; after three without an answer it is dead. */
const KEEP_ALIVE_MS = 15_000;

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
export async function login(alias: string, options: LoginOptions): Promise<Login> {
  const config = await resolveHost(alias, options.configFile);
  return loginAs(config, options, config.jumps);
}

async function loginAs(config: HostConfig, options: LoginOptions, jumps: string[]): Promise<Login> {
  const [identities, known] = await Promise.all([
    findIdentities(config, options.agentSockets),
    readKnownHosts(config.knownHostsFiles)
  ]);
  const way = await wayTo(config, options, jumps);
  try {
    const client = await authenticate(config, identities, known, way.sock);
    client.once('close', way.close);
    return { client, config };
  } catch (error) {
    way.close();
    throw error;
  }
}

/** How the bytes get there: a socket of ssh2's own, a program, or another host. */
interface Way {
  sock: Duplex | null;
  close: () => void;
}

async function wayTo(config: HostConfig, options: LoginOptions, jumps: string[]): Promise<Way> {
  const last = jumps.at(-1);
  if (last !== undefined) {
    const before = await loginAs(
      await resolveHost(jumpAlias(last), options.configFile).then(found => withPort(found, last)),
      options,
      jumps.slice(0, -1)
    );
    const close = (): void => void before.client.destroy();
    try {
      return { sock: await forward(before, config), close };
    } catch (error) {
      close();
      throw error;
    }
  }
  if (config.proxyCommand !== null) {
    const child = spawn('/bin/sh', ['-c', `exec ${config.proxyCommand}`], {
      stdio: ['pipe', 'pipe', 'ignore']
    });
    child.on('error', () => undefined);
    const sock = Duplex.from({ readable: child.stdout, writable: child.stdin });
    sock.on('error', () => undefined);
    return { sock, close: () => void child.kill() };
  }
  return { sock: null, close: () => undefined };
}

/** `user@host:port` without its port, which `ssh -G` does not take. */
function jumpAlias(jump: string): string {
  return jump.replace(/^ssh:\/\//, '').replace(/:\d+$/, '');
}

function withPort(config: HostConfig, jump: string): HostConfig {
  const port = /:(\d+)$/.exec(jump)?.[1];
  return port === undefined ? config : { ...config, port: Number(port) };
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
    keepaliveInterval: KEEP_ALIVE_MS,
    keepaliveCountMax: 3,
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
      client.setNoDelay(true);
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
    const [next] = rest.splice(0, 1);
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
  if (!methods.includes('publickey') && methods.length > 0) {
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
