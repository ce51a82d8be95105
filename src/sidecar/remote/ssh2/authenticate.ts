import type { Duplex } from 'node:stream';
import { type AnyAuthMethod, Client, type ConnectConfig } from 'ssh2';
import { algorithmsFor } from './algorithms';
import type { HostConfig } from '../ssh/hostConfig';
import type { Identities } from './identities';
import { judgeHost } from './hostJudgement';
import { type KnownHost, knownTypes } from './knownHosts';
import { type Said, loginProblem, unreachable } from './loginProblem';

/**
 * Logs in to one host with what is known of it; its key is checked before anything is sent.
 *
 * @param sock The way there; null: a socket of ssh2's own.
 * @throws ProblemError that says what to do.
 */
export function authenticate(
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
    hostVerifier: (key: Buffer, isRight: (permitted: boolean) => void) => {
      said.key = key;
      void judgeHost(config, known, key).then(verdict => {
        said.verdict = verdict;
        isRight(verdict.kind === 'known');
      });
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
        loginProblem(config, identities, said, failure ?? new Error('the connection was closed'))
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
