import { createHash } from 'node:crypto';
import path from 'node:path';
import { ProblemError, problem } from '../../../api/problem';
import { diskOf } from '../../files/disk';
import { unknownHost } from '../ssh/unknownHost';
import { NotReached } from '../way';
import type { HostConfig } from '../ssh/hostConfig';
import { expiredCertificate } from './certificates';
import { NotMultiplexed, whyNoSocket } from './multiplexing';
import { ownWords } from './mux';
import { hasTicket } from './tickets';

/** A login that has failed, and what is known of it. */
export interface Attempt {
  config: HostConfig;
  environment: NodeJS.ProcessEnv;
  /** What ssh has said, with LogLevel DEBUG1. */
  said: string;
  /** How many passwords, codes and passphrases were given. */
  answered: number;
  /** Whether something was asked although nobody could answer. */
  isUnanswered: boolean;
  /** The path of the socket that ssh was to make, once it was through. */
  master: string;
}

/** The most letters of its words that go into a problem. */
const MOST_WORDS = 3000;

/** The most bytes of a known_hosts file. */
const MOST_KNOWN_HOSTS = 10_000_000;

/**
 * Why a login failed, and what the person can do about it (sshconnect.c, sshconnect2.c); NotReached where nothing has come to a host,
 * NotMultiplexed where it is not the host's.
 */
export async function loginProblem(attempt: Attempt): Promise<ProblemError> {
  const why = await reasonOf(attempt);
  const words = whyNoSocket(attempt.master, attempt.said);
  if (words !== null) {
    return new NotMultiplexed(why, words, attempt.answered === 0);
  }
  return isBefore(attempt.said) ? NotReached.because(why) : why;
}

/**
 * Whether nobody was reached, not even a host on the way. A silence is none of it: a firewall that swallows what comes may count it.
 * Only what ssh says by itself counts; a program on the way may have been anywhere.
 */
function isBefore(said: string): boolean {
  return (
    /^ssh: Could not resolve hostname |^ssh: connect to host .*: (?:Connection refused|No route to host|Network is unreachable|Cannot assign requested address)/m.test(
      said
    ) && !/^debug1: Connection established\.|: (?:Connection|Operation) timed out/m.test(said)
  );
}

async function reasonOf(attempt: Attempt): Promise<ProblemError> {
  const { config, said } = attempt;
  const { alias: host } = config;
  const more = { details: { where: host, output: ownWords(said).slice(-MOST_WORDS) } };
  const [, name] = /^ssh: Could not resolve hostname (.*?): /m.exec(said) ?? [];
  if (name !== undefined) {
    return problem('host-not-found', { host: name }, more);
  }
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(said)) {
    return hostKeyChanged(attempt, more);
  }
  if (/REVOKED HOST KEY DETECTED/.test(said)) {
    return hostKeyRevoked(attempt, more);
  }
  const [, revoking] =
    /^(?:Host key|Error checking host key) .* (?:revoked by file|in revoked keys file) (.*?)(?:: .*)?\r?$/m.exec(
      said
    ) ?? [];
  if (revoking !== undefined) {
    const fingerprint = shownKey(said);
    return problem('host-key-revoked-by-file', { host, fingerprint, file: revoking }, more);
  }
  if (
    /^Host key verification failed\./m.test(said) ||
    /^No .* host key is known for /m.test(said)
  ) {
    return unknownHost(config, shownKey(said), more);
  }
  if (
    attempt.isUnanswered ||
    /: Permission denied \(/.test(said) ||
    /Too many authentication failures/.test(said)
  ) {
    return refusal(attempt, more);
  }
  return isSilent(said)
    ? problem('host-silent', { host, address: config.hostName }, more)
    : problem('cluster-unreachable', { cluster: host }, more);
}

/** Whether a host, or one on the way, has not answered at all. */
function isSilent(said: string): boolean {
  return (
    /^ssh: connect to host .*: (?:Connection|Operation) timed out/m.test(said) ||
    /^ssh: connect to host .*: (?:No route to host|Network is unreachable)/m.test(said)
  );
}

interface More {
  details: { where: string; output: string };
}

/** The key that a host has shown last, as `ssh-ed25519 SHA256:...`. */
function shownKey(said: string): string {
  return [...said.matchAll(/^debug1: Server host key: (\S+ \S+)/gm)].at(-1)?.[1] ?? '';
}

async function hostKeyChanged({ config, said }: Attempt, more: More): Promise<ProblemError> {
  const [, file = '', line = '0'] = /^Offending .*key in (.*):(\d+)\r?$/m.exec(said) ?? [];
  return problem(
    'host-key-changed',
    {
      host: config.alias,
      fingerprint: shownKey(said),
      // What ssh says may be a host's words: no other file is read.
      known: config.knownHostsFiles.includes(file)
        ? keyIn((await linesOf(file))[Number(line) - 1] ?? '')
        : '',
      file,
      line: Number(line)
    },
    more
  );
}

/** The line of known_hosts that revokes the key; none, where it cannot be found. */
async function hostKeyRevoked({ config, said }: Attempt, more: More): Promise<ProblemError> {
  const fingerprint = shownKey(said);
  const at = { file: config.knownHostsFiles.join(', '), line: 0 };
  for (const file of config.knownHostsFiles) {
    const lines = await linesOf(file);
    const index = lines.findIndex(
      line => line.startsWith('@revoked') && keyIn(line) === fingerprint
    );
    if (index >= 0) {
      Object.assign(at, { file, line: index + 1 });
      break;
    }
  }
  return problem('host-key-revoked', { host: config.alias, fingerprint, ...at }, more);
}

async function linesOf(file: string): Promise<string[]> {
  const bytes = await diskOf(path.dirname(file), 'login')
    .readAll(file, MOST_KNOWN_HOSTS)
    .catch(() => Buffer.alloc(0));
  return bytes.toString('latin1').split('\n');
}

/** The key in a line of a known_hosts file, as it is shown; empty where there is none. */
function keyIn(line: string): string {
  const [type, key] = line
    .trim()
    .split(/\s+/)
    .filter(word => !word.startsWith('@'))
    .slice(1);
  if (type === undefined || key === undefined) {
    return '';
  }
  const digest = createHash('sha256').update(Buffer.from(key, 'base64')).digest('base64');
  return `${type} SHA256:${digest.replace(/=+$/, '')}`;
}

async function refusal(attempt: Attempt, more: More): Promise<ProblemError> {
  const { answered, config, environment, isUnanswered, said } = attempt;
  const { alias: host, user } = config;
  if (answered > 0) {
    return problem('answer-refused', { host, user }, more);
  }
  const certificate = await expiredCertificate(config, environment);
  if (certificate !== null) {
    return problem('certificate-expired', { host, ...certificate }, more);
  }
  const methods = methodsLeft(said);
  const asks = methods.includes('password') || methods.includes('keyboard-interactive');
  // A token has a PIN, and nobody could be asked (ssh-pkcs11.c).
  const wantsPin = /^pin required\b/m.test(said);
  if (isUnanswered || asks || wantsPin) {
    return problem('login-asks', { host, user }, more);
  }
  const locked = lockedKey(said);
  if (locked !== null) {
    return problem('key-locked', { host, key: locked }, more);
  }
  const isKerberosAlone =
    methods.length > 0 && methods.every(method => /^(gssapi|hostbased)/.test(method));
  return isKerberosAlone && !(await hasTicket(environment))
    ? problem('ticket-missing', { host }, more)
    : problem('login-refused', { host, user }, more);
}

/** How one could have gone on, as the host last said it. */
function methodsLeft(said: string): string[] {
  const all = [...said.matchAll(/^debug1: Authentications that can continue: (\S*)/gm)];
  return all.at(-1)?.[1]?.split(',') ?? [];
}

/** The file of a key that the host would have taken, and that ssh did not open; null where there is none. */
function lockedKey(said: string): string | null {
  const lines = said.split('\n');
  const last = lines.findLastIndex(line => line.startsWith('debug1: Server accepts key: '));
  const [, file = null] =
    /^debug1: Server accepts key: (.*) \S+ SHA256:/.exec(lines[last] ?? '') ?? [];
  return file !== null && !/ agent\s*$/.test(lines[last] ?? '') ? file : null;
}
