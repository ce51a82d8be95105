import { execFile } from 'node:child_process';
import { problem } from '../../../api/problem';
import { type HostConfig, hostConfig } from './hostConfig';
import { type SshOption, refusedOption, sshOptions, unknownOptions } from './sshOptions';

/** Milliseconds that `ssh -G` may take: `Match exec` lines run programs of the person's own. */
const RESOLVE_MS = 20_000;

/** How `ssh` would be called, beside the host. */
export interface SshCall {
  /** Another configuration file than the person's own; null for that. */
  file: string | null;
  environment: NodeJS.ProcessEnv;
  /** Another port than the configuration's, as for a jump host; null for that. */
  port?: string | null;
}

/**
 * Asks OpenSSH itself (`ssh -G`), so that everything in the person's configuration counts, and as OpenSSH means it.
 *
 * @param alias A host as `ssh` takes it: a Host of the configuration, a host name, `user@host`.
 * @throws ProblemError `ssh-missing` or `ssh-config-invalid`.
 */
export async function resolveHost(
  alias: string,
  { environment, file, port = null }: SshCall
): Promise<HostConfig> {
  const printed = await printedOptions(alias, { environment, file, port });
  await refuse(alias, sshOptions(printed), environment);
  return hostConfig(alias, printed, environment);
}

/**
 * All that `ssh -G` prints.
 *
 * @throws ProblemError `ssh-missing` or `ssh-config-invalid`.
 */
export function printedOptions(
  alias: string,
  { environment, file, port = null }: SshCall
): Promise<string> {
  const options = [
    ...(file === null ? [] : ['-F', file]),
    ...(port === null ? [] : ['-p', port]),
    '-G',
    '-T'
  ];
  return run(alias, [...options, '--', alias], environment);
}

/** @throws ProblemError `ssh-option` for an option that protects and that does not count here. */
async function refuse(
  alias: string,
  options: readonly SshOption[],
  environment: NodeJS.ProcessEnv
): Promise<void> {
  const option = await restrictingOption(alias, options, environment);
  if (option !== null) {
    throw problem('ssh-option', { host: alias, option });
  }
}

/** An option that protects and that does not count here, with its value; null where there is none. */
export async function restrictingOption(
  alias: string,
  options: readonly SshOption[],
  environment: NodeJS.ProcessEnv
): Promise<string | null> {
  const unknown = unknownOptions(options);
  // Of a newer OpenSSH: its own defaults tell whether somebody has said something.
  const usual =
    unknown.length === 0
      ? []
      : sshOptions(await run(alias, ['-F', 'none', '-G', '-T', '--', alias], environment));
  const isUsual = ([name, value]: SshOption): boolean =>
    usual.some(other => other[0] === name && other[1] === value);
  const [option, value] = refusedOption(options) ?? unknown.find(one => !isUsual(one)) ?? [];
  return option === undefined ? null : `${option} ${value}`.trim();
}

function run(alias: string, argv: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('ssh', argv, { env, timeout: RESOLVE_MS }, (error, stdout, stderr) => {
      if (!error) {
        resolve(stdout);
      } else if (error.code === 'ENOENT') {
        reject(problem('ssh-missing', { host: alias }, { cause: error }));
      } else {
        const details = { command: `ssh ${argv.join(' ')}`, output: stderr.slice(-2000) };
        reject(problem('ssh-config-invalid', { host: alias }, { details, cause: error }));
      }
    });
  });
}
