import {
  BaseAgent,
  type ParsedKey,
  type SignCallback,
  type SigningRequestOptions,
  utils
} from 'ssh2';
import type { Interview } from '../interview';

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

/**
 * Signs with a key that is opened for it; neither key nor passphrase is kept.
 *
 * @param failed Told that a person has not answered: for ssh2, a key that does not sign is no end of a login.
 */
export function lockedSigner(
  { file, key, text }: LockedKey,
  interview: Interview,
  failed: (error: unknown) => void
): Signer {
  return new Signer(key, async (data, { hash }) => {
    for (let attempt = 0; attempt < MOST_PASSPHRASES; attempt += 1) {
      const prompts = [{ text: '', echo: false }];
      const isRepeated = attempt > 0;
      const [passphrase = ''] = await interview
        .ask({ kind: 'passphrase', file, prompts, isRepeated })
        .catch((error: unknown) => {
          failed(error);
          throw error;
        });
      const opened = [utils.parseKey(text, passphrase)].flat()[0];
      if (opened && !(opened instanceof Error) && opened.isPrivateKey()) {
        const signature: Buffer | Error = opened.sign(data, hash);
        if (signature instanceof Error) {
          throw signature;
        }
        return signature;
      }
    }
    throw new Error(`the passphrase of ${file} was not right`);
  });
}
