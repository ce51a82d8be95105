import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AnyAuthMethod, Client, type ConnectConfig } from 'ssh2';
import { ProblemError, problem } from '../../../api/problem';
import type { Asker } from '../asker';
import { Interview } from '../interview';
import type { HostConfig } from '../ssh/hostConfig';
import { Telling } from '../telling';
import { algorithmsFor } from './algorithms';
import { judgeHost } from './hostJudgement';
import type { Identities } from './identities';
import { type KnownHost, knownTypes } from './knownHosts';
import { type Said, loginProblem, unreachable } from './loginProblem';
import { hearTold } from './hearTold';
import { takesNewHost } from './newHost';
import { Offers } from './offers';
import type { Passphrases } from './passphrases';

/** Seconds that a host has for an answer of the person's: somebody may have to look at a telephone first. */
const ANSWER_SECONDS = 120;

/** The most letters of a banner that are kept. */
const MOST_BANNER = 10_000;

/** What a login goes by. */
export interface Credentials {
  identities: Identities;
  known: readonly KnownHost[];
  /** Who answers what the host asks; null: nobody. */
  asker: Asker | null;
  passphrases: Passphrases;
}

/**
 * Logs in to one host with what is known of it; its key is checked before anything is sent.
 *
 * @param sock The way there; null: a socket of ssh2's own.
 * @throws ProblemError that says what to do.
 */
export function authenticate(
  config: HostConfig,
  { asker, identities, known, passphrases }: Credentials,
  sock: Duplex | null
): Promise<Client> {
  const { alias: as, hostKeyAlias: alias, hostName, port, user } = config;
  const host = { hostName, port, alias };
  const client = new Client();
  return new Promise((resolve, reject) => {
    let failure: Error | null = null;
    let isOver = false;
    const patience = new Patience(seconds => {
      const text = `nothing was heard for ${seconds} s`;
      failure ??= Object.assign(new Error(text), { code: 'ETIMEDOUT' });
      fail();
    });
    const { connectSeconds } = config;
    const answerSeconds = Math.max(ANSWER_SECONDS, connectSeconds);
    const interview = new Interview(asker, `${user}@${hostName}`, isWaiting => {
      if (isWaiting) {
        patience.end();
      } else if (!isOver) {
        patience.begin(interview.answered > 0 ? answerSeconds : connectSeconds);
      }
    });
    const stop = (error: unknown): void => {
      if (!isOver) {
        failure = error instanceof Error ? error : new Error(String(error));
        fail();
      }
    };
    const telling = new Telling((text, over) => interview.show(text, over), stop);
    const offers = new Offers(config, identities, interview, passphrases, telling, stop);
    const said: Said = {
      verdict: null,
      key: null,
      banner: '',
      // Through another host, that one has taken it.
      isConnected: sock !== null,
      offered: offers.offered
    };
    const fail = (): void => {
      isOver = true;
      patience.end();
      // A host gives the person so long to answer, and closes then.
      const closed = interview.isWaiting
        ? problem('sign-in-expired', { host: as })
        : new Error('the connection was closed');
      const why = failure ?? closed;
      interview.end(as);
      offers.forget();
      telling.end();
      client.destroy();
      reject(why instanceof ProblemError ? why : loginProblem(config, identities, said, why));
    };
    const judge = async (key: Buffer): Promise<boolean> => {
      if (said.verdict?.kind === 'known' && said.key?.equals(key) === true) {
        // Keys are exchanged anew now and then, on a connection that is well.
        return true;
      }
      said.key = key;
      said.verdict = await judgeHost(config, known, key);
      if (said.verdict.kind === 'unknown' && (await takesNewHost(config, key, interview))) {
        said.verdict = { kind: 'known' };
      }
      return said.verdict.kind === 'known';
    };
    const settings: ConnectConfig = {
      host: hostName,
      port,
      username: user,
      // Its own clock would run while a person types.
      readyTimeout: 0,
      keepaliveInterval: config.keepAlive.seconds * 1000,
      keepaliveCountMax: config.keepAlive.most,
      algorithms: algorithmsFor(config, knownTypes(known, host)),
      hostVerifier: (key: Buffer, isRight: (permitted: boolean) => void) => {
        judge(key).then(isRight, stop);
      },
      authHandler: (methods, isPart, next) => {
        // There are no types for methods of one's own names, nor for `false`.
        offers.next(methods, isPart).then(offer => {
          if (offer !== false && isInteractive(offer.type)) {
            // What it does with a password, or before it asks, may take its time, too.
            patience.begin(answerSeconds);
          }
          next(offer as AnyAuthMethod);
        }, stop);
      },
      ...(sock && { sock }),
      ...(config.family === 'inet' && { forceIPv4: true }),
      ...(config.family === 'inet6' && { forceIPv6: true }),
      ...(config.bindAddress !== null && { localAddress: config.bindAddress })
    };
    // Small messages go to and fro from the beginning: each would wait for 40 ms.
    client.once('connect', () => {
      said.isConnected = true;
      client.setNoDelay(true);
    });
    client.on('change password', () => stop(problem('password-expired', { host: as })));
    client.on('banner', text => {
      said.banner = `${said.banner}${text}`.slice(0, MOST_BANNER);
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
      isOver = true;
      patience.end();
      interview.end(as);
      offers.forget();
      telling.end();
      client.off('close', fail);
      resolve(client);
    });
    patience.begin(connectSeconds);
    if (sock === null && isOfOtherFamily(config)) {
      failure = Object.assign(new Error('an address of another AddressFamily'), {
        code: 'ENOTFOUND'
      });
      fail();
      return;
    }
    try {
      client.connect(settings);
      hearTold(client, (name, instruction) => telling.say(name, instruction));
    } catch (error) {
      patience.end();
      reject(unreachable(config, `${as}: ${String(error)}`, error));
    }
  });
}

/** Whether a host is given by an address that may not be gone to: only of names does the system choose addresses. */
function isOfOtherFamily({ family, hostName }: HostConfig): boolean {
  const version = isIP(hostName);
  return (version === 4 && family === 'inet6') || (version === 6 && family === 'inet');
}

/** Whether a person's answer is a part of it. */
function isInteractive(method: string): boolean {
  return method === 'keyboard-interactive' || method === 'password';
}

/** How long a host may take for what is its own part of a login. */
class Patience {
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly over: (seconds: number) => void) {}

  begin(seconds: number): void {
    this.end();
    this.timer = setTimeout(() => this.over(seconds), seconds * 1000);
  }

  end(): void {
    clearTimeout(this.timer ?? undefined);
  }
}
