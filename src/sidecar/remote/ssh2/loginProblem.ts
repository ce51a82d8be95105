import { ProblemError, problem } from '../../../api/problem';
import { unknownHost } from '../ssh/unknownHost';
import { NotReached } from '../way';
import type { HostConfig } from '../ssh/hostConfig';
import type { Identities } from './identities';
import type { Offered } from './offers';
import type { Judgement } from './hostJudgement';
import { fingerprint, keyType } from './knownHosts';

/** What a server has told until a login failed. */
export interface Said {
  verdict: Judgement | null;
  key: Buffer | null;
  banner: string;
  /** Whether the host has taken the connection. */
  isConnected: boolean;
  offered: Offered;
}

interface SshError extends Error {
  level?: string;
  code?: unknown;
}

/** What the system says where no answer comes (connect(2)). */
const SILENCE = new Set(['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * What it says where nothing has come to a host: nobody listens, there is no way there, no such address (of a host, or of ours to
 * go from), no such name. A silence is none of these: a firewall that swallows what comes may count it.
 */
const NOT_REACHED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EINVAL',
  'ENOTFOUND',
  'EAI_AGAIN'
]);

/** Why a login failed, and what the person can do about it; NotReached where nothing has come to the host. */
export function loginProblem(
  config: HostConfig,
  identities: Identities,
  said: Said,
  error: SshError
): ProblemError {
  const why = reasonOf(config, identities, said, error);
  return !said.isConnected && isBefore(error) ? NotReached.because(why) : why;
}

/** Whether it was before anything came there, whichever of the host's addresses was tried. */
function isBefore(error: SshError): boolean {
  const all: SshError[] = error instanceof AggregateError ? error.errors : [error];
  return all.every(({ code }) => NOT_REACHED.has(String(code)));
}

function reasonOf(
  config: HostConfig,
  identities: Identities,
  said: Said,
  error: SshError
): ProblemError {
  const { alias: host } = config;
  if (said.verdict && said.key && said.verdict.kind !== 'known') {
    return hostKeyProblem(config, said.verdict, said.key);
  }
  if (error.level === 'client-authentication' || /authentication/i.test(error.message)) {
    return refusal(config, identities, said, error);
  }
  if (!said.isConnected && SILENCE.has(String(error.code))) {
    return problem(
      'host-silent',
      { host, address: config.hostName },
      { details: { where: host, output: error.message }, cause: error }
    );
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
  config: HostConfig,
  verdict: Exclude<Judgement, { kind: 'known' }>,
  key: Buffer
): ProblemError {
  const { alias, hostName, knownHostsFiles, port } = config;
  const shown = `${keyType(key)} ${fingerprint(key)}`;
  const where = port === 22 ? hostName : `${hostName}:${port}`;
  switch (verdict.kind) {
    case 'unknown':
      return unknownHost(config, shown, {
        details: { where, output: `not in ${knownHostsFiles.join(', ')}` }
      });
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
    case 'revoked-by-file':
      return problem(
        'host-key-revoked-by-file',
        { host: alias, fingerprint: shown, file: verdict.file },
        { details: { where } }
      );
    case 'not-judged':
      return problem(
        'revoked-keys-unreadable',
        { host: alias, file: verdict.file },
        { details: { where, output: verdict.error } }
      );
    case 'short':
      return problem(
        'host-key-short',
        { host: alias, fingerprint: shown, bits: verdict.bits, required: verdict.required },
        { details: { where } }
      );
    default:
      return verdict satisfies never;
  }
}

function refusal(
  { alias: host, user }: HostConfig,
  { agentKeys, excluded, keys, locked, unsupported }: Identities,
  { banner, offered: { isAsking, isRefused, methods } }: Said,
  error: Error
): ProblemError {
  const lines = [
    error.message,
    `the host takes: ${methods.join(', ') || 'nothing that it names'}`,
    `shown: ${agentKeys} keys of the agent${keys.map(({ file }) => `, ${file}`).join('')}`,
    ...locked.map(file => `has a passphrase: ${file}`),
    ...unsupported.map(file => `cannot be used here: ${file}`),
    ...excluded.map(key => `not shown, as the SSH configuration excludes it: ${key}`),
    banner.trim()
  ];
  const more = { details: { where: host, output: lines.join('\n').trim() }, cause: error };
  // Where a host takes no keys, none is missing.
  const [first] = methods.includes('publickey') ? locked : [];
  if (isRefused) {
    return problem('answer-refused', { host, user }, more);
  }
  if (isAsking && first === undefined) {
    return problem('login-asks', { host, user }, more);
  }
  return first === undefined
    ? problem('login-refused', { host, user }, more)
    : problem('key-locked', { host, key: first }, more);
}

/** The host cannot be reached; `output` says what stood in the way. */
export function unreachable({ alias }: HostConfig, output: string, cause: unknown): ProblemError {
  return problem('cluster-unreachable', { cluster: alias }, { details: { output }, cause });
}
