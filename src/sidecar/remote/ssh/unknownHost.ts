import { type Details, type ProblemError, problem } from '../../../api/problem';
import type { HostConfig } from './hostConfig';

/** That a host is not known, with what can be done about that under this configuration. */
export function unknownHost(
  { alias: host, newHostsFile, unknownHosts }: HostConfig,
  fingerprint: string,
  more: { details: Details }
): ProblemError {
  if (unknownHosts === 'refuse') {
    return problem('host-key-not-taken', { host, fingerprint }, more);
  }
  return newHostsFile === '/dev/null'
    ? problem('host-key-not-kept', { host, fingerprint }, more)
    : problem('host-key-unknown', { host, fingerprint }, more);
}
