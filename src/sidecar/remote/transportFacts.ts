import { execFile } from 'node:child_process';
import path from 'node:path';
import { diskOf } from '../files/disk';
import { certificateFilesOf } from './openssh/certificates';
import { isThere } from './openssh/mux';
import { hasTicket } from './openssh/tickets';
import { type HostConfig, hostConfig, readJump } from './ssh/hostConfig';
import { printedOptions, restrictingOption } from './ssh/resolveHost';
import { type SshOption, sshOptions } from './ssh/sshOptions';
import { findIdentities } from './ssh2/identities';
import { hasAuthority, parseKnownHosts } from './ssh2/knownHosts';
import type { TransportFacts } from './transport';

/** Milliseconds that an agent has to tell its keys. */
const AGENT_MS = 5000;

/** How ssh-add ends where an agent is there, and has no key (ssh-add.c). */
const HAS_NO_KEYS = 1;

/** How ssh would be called. */
export interface Calling {
  configFile: string | null;
  environment: NodeJS.ProcessEnv;
}

/** What a choice among transports goes by. */
export interface FoundFacts {
  /** The host, and those on the way. */
  hosts: TransportFacts[];
  /** The socket of a connection that the person's own ssh has there; null where there is none. */
  socket: string | null;
}

/**
 * Looks what ssh would do for a host. Nothing is contacted but the person's agent and own connection.
 *
 * @throws ProblemError `ssh-missing` or `ssh-config-invalid`.
 */
export async function findFacts(alias: string, calling: Calling): Promise<FoundFacts> {
  const { config, facts, options } = await factsOf(alias, null, calling);
  const onTheWay = await Promise.all(
    config.jumps.map(jump => {
      const { alias, port } = readJump(jump);
      return factsOf(alias, port, calling);
    })
  );
  return {
    hosts: [facts, ...onTheWay.map(one => one.facts)],
    socket: await liveSocket(alias, options)
  };
}

async function factsOf(
  alias: string,
  port: string | null,
  { configFile, environment }: Calling
): Promise<{ config: HostConfig; facts: TransportFacts; options: SshOption[] }> {
  const printed = await printedOptions(alias, { environment, file: configFile, port });
  const options = sshOptions(printed);
  const config = hostConfig(alias, printed, environment);
  const isKerberosOn = options.some(
    ([name, value]) => name === 'gssapiauthentication' && value === 'yes'
  );
  const [certificates, refusedOption, known, ofAgent, ofFiles, ticket, locked] = await Promise.all([
    certificateFilesOf(config),
    restrictingOption(alias, options, environment),
    Promise.all(config.knownHostsFiles.map(async file => parseKnownHosts(file, await text(file)))),
    agentKeyTypes(config, environment),
    Promise.all(
      config.identityFiles.map(async file => (await text(`${file}.pub`)).split(' ')[0] ?? '')
    ),
    isKerberosOn && hasTicket(environment),
    lockedKeys(config, environment)
  ]);
  const { hostKeyAlias, hostName } = config;
  const facts = {
    options,
    refusedOption,
    certificates,
    keyTypes: [...(ofAgent ?? []), ...ofFiles],
    hasAuthority: hasAuthority(known.flat(), { hostName, port: config.port, alias: hostKeyAlias }),
    hasTicket: ticket,
    keysForAgent: ofAgent === null ? [] : locked
  };
  return { config, facts, options };
}

/** What a file has; nothing where it cannot be read. */
function text(file: string): Promise<string> {
  return diskOf(path.dirname(file), 'login')
    .readAll(file)
    .then(
      bytes => bytes.toString(),
      () => ''
    );
}

/** The types of the keys of the agent that ssh would ask; null where there is none. */
function agentKeyTypes(
  { agent }: HostConfig,
  environment: NodeJS.ProcessEnv
): Promise<string[] | null> {
  const socket = agent.kind === 'socket' ? agent.path : environment['SSH_AUTH_SOCK'];
  if (agent.kind === 'none' || socket === undefined) {
    return Promise.resolve(null);
  }
  return new Promise(resolve => {
    const env = { ...environment, SSH_AUTH_SOCK: socket };
    execFile('ssh-add', ['-L'], { env, timeout: AGENT_MS }, (error, keys) => {
      if (error) {
        resolve(error.code === HAS_NO_KEYS ? [] : null);
        return;
      }
      resolve(keys.split('\n').map(line => line.split(' ')[0] ?? ''));
    });
  });
}

/** Files of keys that have a passphrase and may be shown, and that no agent has. */
async function lockedKeys(config: HostConfig, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const socket = environment['SSH_AUTH_SOCK'];
  const { locked } = await findIdentities(config, socket === undefined ? [] : [socket]);
  return config.showsKeys ? locked : [];
}

async function liveSocket(alias: string, options: readonly SshOption[]): Promise<string | null> {
  const socket = options.find(([name]) => name === 'controlpath')?.[1] ?? 'none';
  return socket !== 'none' && (await isOwnSocket(socket)) && (await isThere(socket, alias))
    ? socket
    : null;
}

/** Whether nobody else can have made it: in a folder that others write to, anybody may listen there. */
function isOwnSocket(file: string): Promise<boolean> {
  return diskOf(path.dirname(file), 'login')
    .lstat(file)
    .then(
      found => found.isSocket() && found.uid === process.getuid?.(),
      () => false
    );
}
