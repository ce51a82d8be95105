import { connect } from 'node:net';

/** Milliseconds that an agent has to be there: one that is forwarded over a dead connection takes calls and says nothing. */
const AGENT_MS = 2000;

/** The first agent that takes calls; null where none does. */
export async function liveAgent(sockets: readonly string[]): Promise<string | null> {
  for (const socket of sockets) {
    if (await takesCalls(socket)) {
      return socket;
    }
  }
  return null;
}

function takesCalls(socket: string): Promise<boolean> {
  return new Promise(resolve => {
    const call = connect(socket);
    const settle = (isThere: boolean): void => {
      call.destroy();
      resolve(isThere);
    };
    call.setTimeout(AGENT_MS, () => settle(false));
    call.once('connect', () => settle(true));
    call.once('error', () => settle(false));
  });
}
