import { type SshCall, printedOptions } from './resolveHost';
import { sshOptions } from './sshOptions';

/**
 * The name that ssh connects to for a host as a person calls it (`HostName`); null where ssh does not say.
 *
 * @param alias A host as `ssh` takes it: a Host of the configuration, a host name, `user@host`.
 */
export async function hostNameOf(alias: string, call: SshCall): Promise<string | null> {
  const printed = await printedOptions(alias, call).catch(() => '');
  return sshOptions(printed).find(([option]) => option === 'hostname')?.[1] ?? null;
}
