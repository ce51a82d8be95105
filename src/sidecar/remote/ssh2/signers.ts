import { BaseAgent, type ParsedKey, type SignCallback, type SigningRequestOptions } from 'ssh2';
import type { Interview } from '../interview';
import { openKey } from './openKey';
import type { Passphrases } from './passphrases';

/** How often a passphrase is asked for, as ssh does (ssh_config(5), NumberOfPasswordPrompts). */
const MOST_PASSPHRASES = 3;

/** One key to show to a host, which signs only once the host has said that it would take the key. */
export class Signer extends BaseAgent<ParsedKey> {
  /** Whether it was asked to sign: then an answer of the host's is one to a signature. */
  hasSigned = false;

  /** @param signs Makes a signature, or says why there is none. */
  constructor(
    private readonly key: ParsedKey,
    private readonly signs: (data: Buffer, options: SigningRequestOptions) => Promise<Buffer>
  ) {
    super();
  }

  override getIdentities(done: (error?: Error | null, keys?: ParsedKey[]) => void): void {
    done(null, [this.key]);
  }

  override sign(
    _: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback
  ): void {
    const [given, callback] = typeof options === 'function' ? [{}, options] : [options, done];
    this.hasSigned = true;
    this.signs(data, given).then(
      signature => callback?.(null, signature),
      (error: unknown) => callback?.(error instanceof Error ? error : new Error(String(error)))
    );
  }
}

/** A key of an agent's. */
export function agentSigner(agent: BaseAgent, key: ParsedKey): Signer {
  return new Signer(
    key,
    (data, options) =>
      new Promise((resolve, reject) => {
        agent.sign(key, data, options, (error, signature) =>
          signature ? resolve(signature) : reject(error ?? new Error('the agent did not sign'))
        );
      })
  );
}

/** A key in a file that has a passphrase, for which the person is asked. */
export interface LockedKey {
  file: string;
  /** Its public half. */
  key: ParsedKey;
  text: Buffer;
}

/** Who opens a key, and what is known without asking. */
export interface Opening {
  interview: Interview;
  passphrases: Passphrases;
  /** Told that a person has not answered: for ssh2, a key that does not sign is no end of a login. */
  failed: (error: unknown) => void;
}

/** Signs with a key that is opened for it; the key is not kept, and the passphrase only where the person wants that. */
export function lockedSigner(locked: LockedKey, opening: Opening): Signer {
  return new Signer(locked.key, async (data, { hash }) => {
    const { file, text } = locked;
    const key = opening.passphrases.opened(file, text) ?? (await openedByPerson(locked, opening));
    const signature: Buffer | Error = key.sign(data, hash);
    if (signature instanceof Error) {
      throw signature;
    }
    return signature;
  });
}

async function openedByPerson(
  { file, text }: LockedKey,
  { failed, interview, passphrases }: Opening
): Promise<ParsedKey> {
  for (let attempt = 0; interview.isPossible && attempt < MOST_PASSPHRASES; attempt += 1) {
    let isKept = false;
    const prompts = [{ text: '', echo: false }];
    const isRepeated = attempt > 0;
    const kept = (): void => {
      isKept = true;
    };
    const [passphrase = ''] = await interview
      .ask({ kind: 'passphrase', file, prompts, isRepeated, mayKeep: true }, { kept })
      .catch((error: unknown) => {
        failed(error);
        throw error;
      });
    const key = openKey(text, passphrase);
    if (key !== null) {
      if (isKept) {
        passphrases.keep(file, passphrase);
      }
      return key;
    }
  }
  throw new Error(`nothing has opened ${file}`);
}
