import type { Client } from 'ssh2';

/** What takes a round of a host's questions inside ssh2 (1.17, client.js). */
type TakeRound = (protocol: unknown, name: string, instruction: string, prompts: unknown[]) => void;

/** Where ssh2 has that; it is nothing that it promises. */
interface Inside {
  _protocol?: { _handlers?: { USERAUTH_INFO_REQUEST?: TakeRound } };
}

/**
 * Hears what a host tells in a round without prompts (RFC 4256, 3.2), which ssh2 answers by itself and does not pass on. Where a later
 * ssh2 is another one inside, nothing is heard; a test would notice.
 *
 * @param client One that has begun to connect.
 */
export function hearTold(client: Client, told: (name: string, instruction: string) => void): void {
  const handlers = (client as unknown as Inside)._protocol?._handlers;
  const take = handlers?.USERAUTH_INFO_REQUEST;
  if (handlers !== undefined && take !== undefined) {
    handlers.USERAUTH_INFO_REQUEST = (protocol, name, instruction, prompts) => {
      if (prompts.length === 0) {
        told(name, instruction);
      }
      take(protocol, name, instruction, prompts);
    };
  }
}
