import type { Transport, TransportChoice } from '../../api/transport';
import { asProblem } from '../process/asProblem';
import type { Log } from '../process/log';
import { liveAgent } from './liveAgent';
import { borrowedWay, opensshWay } from './openssh/connection';
import type { OneShell } from './oneShell/oneShell';
import type { OpenSshOptions } from './openssh/login';
import { ssh2Way } from './ssh2/connection';
import type { LoginOptions } from './ssh2/login';
import { chooseTransport } from './transport';
import { findFacts } from './transportFacts';
import type { Carrying, Way } from './way';

/** What a host is reached with: asked before each connection, and told then. */
export interface TransportOf {
  asked: () => Transport;
  chosen: (choice: TransportChoice) => void;
}

/** The way to a host by what it needs, which is looked for before each connection. */
export function chosenWay(
  host: string,
  { asked, chosen }: TransportOf,
  options: () => LoginOptions,
  log: Log
): Way<Carrying | OneShell> {
  const called = async (): Promise<OpenSshOptions> => {
    const { agentSockets, configFile, passphrases } = options();
    const agent = await liveAgent(agentSockets);
    const environment = { ...process.env, ...(agent !== null && { SSH_AUTH_SOCK: agent }) };
    return { configFile, environment, passphrases };
  };
  let choice: TransportChoice | null = null;
  const choose = (made: TransportChoice): void => {
    choice = made;
    chosen(made);
  };
  const byOpenSsh = opensshWay(host, called, log, {
    tell: alone => choice && choose({ ...choice, alone })
  });
  const bySsh2 = ssh2Way(host, options, log);
  let dead: string | null = null;
  return {
    where: host,
    connect: async asker => {
      const preferred = asked();
      const { hosts, socket } = await findFacts(host, await called());
      if (socket === null) {
        // The next one at its place is another one.
        dead = null;
      }
      if (socket !== null && socket !== dead && preferred !== 'ssh2') {
        choose({ transport: 'openssh', reason: 'connection', detail: socket });
        const isDead = (): void => {
          dead = socket;
        };
        return borrowedWay(host, { socket, isDead }, called, log).connect(asker);
      }
      const usual = chooseTransport(preferred, hosts);
      choose(usual);
      if (usual.transport === 'openssh') {
        return byOpenSsh.connect(asker);
      }
      try {
        return await bySsh2.connect(asker);
      } catch (error) {
        if (preferred === 'ssh2' || !isWithoutAlgorithm(error)) {
          throw error;
        }
        choose({ transport: 'openssh', reason: 'algorithms', detail: '' });
        return byOpenSsh.connect(asker);
      }
    }
  };
}

/** Whether ssh2 and the host, or the configuration, have no algorithm in common: nothing was sent that counts as an attempt. */
function isWithoutAlgorithm(error: unknown): boolean {
  const { code, details } = asProblem(error);
  const output = details?.output ?? '';
  return (
    (code === 'cluster-unreachable' && output.startsWith('Handshake failed: no matching ')) ||
    (code === 'ssh-config-invalid' && /none of them is supported here/.test(output))
  );
}
