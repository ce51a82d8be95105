import type { Client, ClientChannel } from 'ssh2';
import { type ProblemError, problem } from '../../../api/problem';
import type { Log } from '../../process/log';
import { type Started, converse } from '../conversation';
import type { RemoteAnswer, RemoteCommand } from '../remote';
import { type Carrying, NotRun, type Way } from '../way';
import { startedOn } from './channel';
import { type LoginOptions, login } from './login';

/** Every command is bash, whatever the login shell: its script comes on standard input. */
const BASH = '/usr/bin/env bash';

/** Milliseconds until a host has to have started a command; then the connection cannot be trusted. */
const START_MS = 30_000;

/** The way to a host behind SSH by the package ssh2: a login for each connection, a channel for each command. */
export function ssh2Way(host: string, options: () => LoginOptions, log: Log): Way<Carrying> {
  return {
    where: host,
    connect: async asker => {
      const { client, config } = await login(host, options(), asker);
      return new Ssh2Connection(host, client, config.setEnv, log);
    }
  };
}

class Ssh2Connection implements Carrying {
  private isLost = false;

  constructor(
    private readonly host: string,
    private readonly client: Client,
    private readonly variables: Record<string, string>,
    log: Log
  ) {
    log.info({ host }, 'connected');
    client.on('error', error => log.warn({ host, err: error }, 'connection'));
    client.once('close', () => {
      log.info({ host }, 'disconnected');
      this.isLost = true;
    });
  }

  get isOpen(): boolean {
    return !this.isLost;
  }

  async start(): Promise<Started> {
    const channel = await this.channel();
    if (channel === null) {
      throw new NotRun('no-room');
    }
    return startedOn(channel);
  }

  async run(command: RemoteCommand): Promise<RemoteAnswer> {
    return converse(await this.start(), command, this.host);
  }

  close(): void {
    this.client.end();
  }

  drop(): void {
    this.isLost = true;
    this.client.destroy();
  }

  /** A channel with a bash on it; null when the host takes no more at a time. */
  private channel(): Promise<ClientChannel | null> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(this.unreachable(`no command was started within ${START_MS / 1000} s`));
        this.drop();
      }, START_MS);
      const answer = (error: Refusal | undefined, channel: ClientChannel): void => {
        clearTimeout(timer);
        if (!error) {
          resolve(channel);
        } else if (error.reason === undefined) {
          reject(this.unreachable(error.message, error));
        } else {
          resolve(null);
        }
      };
      try {
        this.client.exec(BASH, { env: this.variables }, answer);
      } catch (error) {
        // It has just been closed.
        clearTimeout(timer);
        reject(this.unreachable(String(error), error));
      }
    });
  }

  private unreachable(output: string, cause?: unknown): ProblemError {
    return problem('cluster-unreachable', { cluster: this.host }, { details: { output }, cause });
  }
}

/** An answer to the wish for a channel; `reason` is the host's own (RFC 4254, 5.1). */
interface Refusal extends Error {
  reason?: unknown;
}
