import path from 'node:path';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';
import type { Asker } from '../asker';
import { ProblemError, problem } from '../../../api/problem';
import { asProblem } from '../../process/asProblem';
import { diskOf } from '../../files/disk';
import { authenticate } from './authenticate';
import { type HostConfig, readJump } from '../ssh/hostConfig';
import { resolveHost } from '../ssh/resolveHost';
import { attempted } from './connectionAttempts';
import { findIdentities } from './identities';
import { type KnownHost, parseKnownHosts } from './knownHosts';
import { unreachable } from './loginProblem';
import type { Passphrases } from './passphrases';
import { type Carrier, carrierOfProgram } from './proxyCommand';

/** The most hosts to go through: a configuration may lead in a circle. */
const MOST_JUMPS = 8;

/** What a login needs from the outside. */
export interface LoginOptions {
  /** Another configuration file than the person's own. */
  configFile: string | null;
  /** The sockets of the callers' agents, the newest first. */
  agentSockets: readonly string[];
  passphrases: Passphrases;
}

/** What all hosts on the way have in common. */
interface Journey extends LoginOptions {
  asker: Asker | null;
}

/** A connection on which somebody is logged in, and what has to be closed with it. */
export interface Login {
  client: Client;
  config: HostConfig;
}

/**
 * Logs in to a host as `ssh` would: its configuration, its jump hosts, its keys. The host's own key is checked before
 * anything is sent. Each host on the way asks for itself.
 *
 * @param asker Who answers what the hosts ask; null: nobody.
 * @throws ProblemError that says what to do.
 */
export function login(alias: string, options: LoginOptions, asker: Asker | null): Promise<Login> {
  return loginThrough(alias, null, [], { ...options, asker }, MOST_JUMPS);
}

/** @param jumps The hosts to go through; those of the host's own configuration where there are none. */
async function loginThrough(
  alias: string,
  port: string | null,
  jumps: readonly string[],
  options: Journey,
  most: number
): Promise<Login> {
  const [socket] = options.agentSockets;
  const environment = { ...process.env, ...(socket !== undefined && { SSH_AUTH_SOCK: socket }) };
  const config = await resolveHost(alias, { file: options.configFile, environment, port });
  const [identities, known] = await Promise.all([
    findIdentities(config, options.agentSockets),
    readKnownHosts(config.knownHostsFiles)
  ]);
  const carrier = await carrierTo(config, jumps.length > 0 ? jumps : config.jumps, options, most);
  try {
    const { asker, passphrases } = options;
    const client = await attempted(carrier.sock === null ? config.connectionAttempts : 1, () =>
      authenticate(config, { identities, known, asker, passphrases }, carrier.sock)
    );
    client.once('close', carrier.close);
    return { client, config };
  } catch (error) {
    const words = asProblem(error).code === 'cluster-unreachable' ? await carrier.lastWords() : '';
    carrier.close();
    throw words === '' ? error : unreachable(config, words, error);
  }
}

async function carrierTo(
  config: HostConfig,
  jumps: readonly string[],
  options: Journey,
  most: number
): Promise<Carrier> {
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
    : carrierOfProgram(config.proxyCommand);
}

/** @param jump `user@host:port`, with or without `ssh://`, user and port; brackets are around an IPv6 address. */
function loginAtJump(
  config: HostConfig,
  jump: string,
  before: readonly string[],
  options: Journey,
  most: number
): Promise<Login> {
  if (most === 0) {
    const output = `ProxyJump leads through more than ${MOST_JUMPS} hosts, or in a circle: ${jump}`;
    throw problem('ssh-config-invalid', { host: config.alias }, { details: { output } });
  }
  const { alias, port } = readJump(jump);
  return loginThrough(alias, port, before, options, most - 1);
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

async function readKnownHosts(files: readonly string[]): Promise<KnownHost[]> {
  const read = files.map(async file =>
    diskOf(path.dirname(file), 'login')
      .readAll(file)
      .then(
        bytes => parseKnownHosts(file, bytes.toString()),
        (error: unknown) => {
          if (error instanceof ProblemError) {
            throw error;
          }
          return [];
        }
      )
  );
  return (await Promise.all(read)).flat();
}
