import path from 'node:path';
import {
  BaseAgent,
  type KnownPublicKeys,
  OpenSSHAgent,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
  utils
} from 'ssh2';
import { diskOf } from '../../files/disk';
import type { HostConfig } from '../ssh/hostConfig';
import { keyType, rsaBits } from './knownHosts';
import { parseKey } from './openKey';
import type { LockedKey } from './signers';

/** Milliseconds that an agent has to tell its keys; one that is forwarded over a dead connection never does. */
const AGENT_MS = 5000;

/** What can be shown to a server, in the order in which it is. */
export interface Identities {
  /** The keys of an agent that may be used; null where there is none. */
  agent: BaseAgent | null;
  agentKeys: number;
  /** These keys. */
  ofAgent: readonly ParsedKey[];
  /** Keys from files that no agent has. */
  keys: { file: string; key: ParsedKey }[];
  /** Files whose key has a passphrase, and that no agent has. */
  locked: string[];
  /** Those of them that a host can be asked about before they are opened: their public half is known. */
  unlockable: LockedKey[];
  /** Files of a kind that cannot be used here, such as those of a security key. */
  unsupported: string[];
  /** Keys that the configuration does not let us show: files, and comments or types of the agent's keys. */
  excluded: string[];
}

/**
 * Finds the keys for a host as OpenSSH does: those of the agent first, and of these only the ones that the
 * configuration names where it says IdentitiesOnly.
 *
 * @param agentSockets The sockets of the callers' agents; the first that answers is used.
 * @param agentMs Milliseconds that each has for it.
 */
export async function findIdentities(
  config: HostConfig,
  agentSockets: readonly string[],
  agentMs = AGENT_MS
): Promise<Identities> {
  const files = await Promise.all(config.identityFiles.map(readIdentity));
  const found = files.flatMap(file => file ?? []);
  const agent = await agentOf(config, agentSockets, agentMs);
  const named = found.flatMap(({ publicKey }) => publicKey ?? []);
  const isNamed = (key: ParsedKey): boolean =>
    named.some(other => other.equals(key.getPublicSSH()));
  const isAllowed = (key: ParsedKey): boolean => mayBeShown(config, key);
  const ofAgent = agent?.keys.filter(isAllowed) ?? [];
  const offered = config.identitiesOnly
    ? ofAgent.filter(isNamed)
    : [...ofAgent.filter(isNamed), ...ofAgent.filter(key => !isNamed(key))];
  const rest = found.filter(
    ({ publicKey }) =>
      publicKey === null || !offered.some(key => key.getPublicSSH().equals(publicKey))
  );
  return {
    agent: agent && offered.length > 0 ? new SomeKeys(agent.agent, offered) : null,
    agentKeys: offered.length,
    ofAgent: offered,
    keys: rest.flatMap(({ file, key }) => (key && isAllowed(key) ? [{ file, key }] : [])),
    locked: rest.filter(({ isLocked }) => isLocked).map(({ file }) => file),
    unlockable: rest.flatMap(({ file, isLocked, publicKey, text }) => {
      const key = isLocked && publicKey ? publicOf(publicKey) : null;
      return key && text && isAllowed(key) ? [{ file, key, text }] : [];
    }),
    unsupported: rest.filter(({ key, isLocked }) => !key && !isLocked).map(({ file }) => file),
    excluded: [
      ...(agent?.keys.filter(key => !isAllowed(key)).map(key => key.comment || key.type) ?? []),
      ...rest.flatMap(({ file, key }) => (key && !isAllowed(key) ? [file] : []))
    ]
  };
}

/**
 * Whether the configuration lets a key be shown (PubkeyAuthentication, PreferredAuthentications, PubkeyAcceptedAlgorithms,
 * RequiredRSASize). ssh2 signs with `rsa-sha2-256` where the server takes it, so that is what has to be accepted of an RSA key.
 */
function mayBeShown(
  { acceptedKeyAlgorithms, requiredRsaSize, showsKeys }: HostConfig,
  key: ParsedKey
): boolean {
  const algorithm = key.type === 'ssh-rsa' ? 'rsa-sha2-256' : key.type;
  const bits = rsaBits(key.getPublicSSH());
  return (
    showsKeys &&
    (acceptedKeyAlgorithms.length === 0 || acceptedKeyAlgorithms.includes(algorithm)) &&
    (bits === null || bits >= requiredRsaSize)
  );
}

interface IdentityFile {
  file: string;
  /** null: it cannot be used as it is. */
  key: ParsedKey | null;
  isLocked: boolean;
  publicKey: Buffer | null;
  /** What the file has. */
  text: Buffer | null;
}

/** Reads a key file; null when there is none. The public half tells which key of the agent it is. */
async function readIdentity(file: string): Promise<IdentityFile | null> {
  const disk = diskOf(path.dirname(file), 'login');
  const [text, publicText] = await Promise.all([
    disk.readAll(file).catch(() => null),
    disk.readAll(`${file}.pub`).catch(() => null)
  ]);
  if (text === null && publicText === null) {
    return null;
  }
  const parsed = text === null ? new Error('not there') : parseKey(text);
  if (!(parsed instanceof Error)) {
    // The name may be that of a public half, whose private one an agent has.
    const key = parsed.isPrivateKey() ? parsed : null;
    return { file, key, isLocked: false, publicKey: parsed.getPublicSSH(), text };
  }
  const parsedPublic = publicText && parseKey(publicText);
  const publicKey =
    parsedPublic && !(parsedPublic instanceof Error)
      ? parsedPublic.getPublicSSH()
      : text && publicHalf(text);
  const isLocked = text !== null && isEncrypted(text, parsed);
  return { file, key: null, isLocked, publicKey, text };
}

function isEncrypted(text: Buffer, { message }: Error): boolean {
  return (
    text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') || /encrypted|passphrase/i.test(message)
  );
}

/** The public half of a key in OpenSSH's own form, which can be read without the passphrase (PROTOCOL.key). */
function publicHalf(text: Buffer): Buffer | null {
  const [, base64] =
    /-----BEGIN OPENSSH PRIVATE KEY-----([^-]*)-----END/.exec(text.toString('latin1')) ?? [];
  const bytes = Buffer.from(base64 ?? '', 'base64');
  let at = 'openssh-key-v1\0'.length;
  const next = (): Buffer => {
    const start = at + 4;
    at = start + bytes.readUInt32BE(at);
    return bytes.subarray(start, at);
  };
  try {
    // Cipher, derivation of its key, options of that; then how many keys there are, which is one.
    [next, next, next].forEach(skip => skip());
    at += 4;
    return next();
  } catch {
    return null;
  }
}

/** A public key as `ssh2` has it, out of its bytes; null for a kind that it does not know. */
function publicOf(bytes: Buffer): ParsedKey | null {
  const parsed = parseKey(Buffer.from(`${keyType(bytes)} ${bytes.toString('base64')}`));
  return parsed instanceof Error ? null : parsed;
}

async function agentOf(
  config: HostConfig,
  callers: readonly string[],
  mostMs: number
): Promise<{ agent: BaseAgent; keys: ParsedKey[] } | null> {
  const { agent } = config;
  const sockets = agent.kind === 'caller' ? callers : agent.kind === 'socket' ? [agent.path] : [];
  for (const socket of sockets) {
    const candidate = new OpenSSHAgent(socket);
    const keys = await keysOf(candidate, mostMs);
    if (keys !== null) {
      return { agent: candidate, keys };
    }
  }
  return null;
}

/** The keys of an agent; null when it does not answer. */
function keysOf(agent: BaseAgent, mostMs: number): Promise<ParsedKey[] | null> {
  return new Promise(resolve => {
    setTimeout(() => resolve(null), mostMs).unref();
    agent.getIdentities((error, keys) => {
      if (error || !keys) {
        resolve(null);
        return;
      }
      resolve(keys.flatMap(keyIn));
    });
  });
}

/** A key in any of the forms that agents give. */
function keyIn(given: KnownPublicKeys[number]): ParsedKey[] {
  if (typeof given === 'object' && 'pubKey' in given) {
    const { pubKey } = given;
    return keyIn(typeof pubKey === 'object' && 'pubKey' in pubKey ? pubKey.pubKey : pubKey);
  }
  const parsed =
    typeof given === 'object' && 'getPublicSSH' in given ? given : utils.parseKey(given);
  return [parsed].flat().flatMap(key => (key instanceof Error ? [] : key));
}

/** An agent of which only some keys are shown. */
class SomeKeys extends BaseAgent<ParsedKey> {
  constructor(
    private readonly whole: BaseAgent,
    private readonly keys: ParsedKey[]
  ) {
    super();
  }

  override getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    done(null, this.keys);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback
  ): void {
    const [given, callback] = typeof options === 'function' ? [{}, options] : [options, done];
    this.whole.sign(key, data, given, callback);
  }
}
