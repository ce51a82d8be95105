import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { PROBLEMS, type Problem, ProblemError, problem } from '../../../api/problem';
import { retryInterval } from '../../../job/pace';
import { asProblem } from '../../process/asProblem';
import type { Clock } from '../../process/clock';
import type { Log } from '../../process/log';
import { type LoginOptions, login } from './login';
import { Slots } from './slots';

/** The most that runs on one connection at a time; servers allow ten by default (sshd_config(5), MaxSessions). */
const MOST_CHANNELS = 6;

/** Milliseconds until a host has to have started a command; then the connection cannot be trusted. */
const START_MS = 30_000;

/** How often a host that refuses a command while none of ours runs is asked again, and how soon, in milliseconds. */
const MOST_REFUSALS = 6;
const FIRST_PAUSE_MS = 10;

/**
 * The one connection to a host: made when it is first needed, kept, and shared by everything. After a failure nobody
 * knocks again for a while; after a refused login, not until a person acts.
 */
export class SshConnection {
  private client: Client | null = null;
  private connecting: Promise<Client> | null = null;
  private failures = 0;
  private nextTryAt = 0;
  private last: ProblemError | null = null;
  private variables: Record<string, string> = {};
  private isClosed = false;
  /** Whether this connection has taken a command. */
  private hasServed = false;
  private readonly slots = new Slots(MOST_CHANNELS);

  constructor(
    readonly host: string,
    private readonly options: () => LoginOptions,
    private readonly clock: Clock,
    private readonly log: Log
  ) {}

  /**
   * Starts a command and hands its channel to `work`, which must end it.
   *
   * @throws ProblemError when the host cannot be reached or does not let us in.
   */
  async withChannel<T>(command: string, work: (channel: ClientChannel) => Promise<T>): Promise<T> {
    for (;;) {
      await this.connected();
      await this.slots.take();
      const { client } = this;
      try {
        // It may have been lost while we waited.
        const channel = client && (await this.openAlone(client, command));
        if (channel !== null) {
          this.hasServed = true;
          return await work(channel);
        }
      } finally {
        this.slots.free();
      }
      // Where it has taken commands before, whoever comes now is alone, and asks for a while.
      if (client !== null && client === this.client && !this.slots.shrink() && !this.hasServed) {
        throw this.unreachable('the host takes no command on this connection');
      }
    }
  }

  /** Asks again for a while when nothing of ours is in the way: sshd counts a command a little longer than it runs. */
  private async openAlone(client: Client, command: string): Promise<ClientChannel | null> {
    for (let refusals = 0; ; refusals += 1) {
      const channel = await this.open(client, command);
      if (channel !== null || !this.hasServed || !this.slots.isAlone || client !== this.client) {
        return channel;
      }
      if (refusals === MOST_REFUSALS) {
        // Commands that we have given up still run there, and hold what the host allows.
        this.leave(client);
        return null;
      }
      await sleep(FIRST_PAUSE_MS * 2 ** refusals);
    }
  }

  /** A person acts: what was refused may be tried again, at once. */
  forgive(): void {
    this.nextTryAt = 0;
  }

  /**
   * The connection may be dead without a word, as after a sleep: the next command makes a new one. What has been
   * refused stays so: a machine may wake many times a night.
   */
  drop(): void {
    if (Number.isFinite(this.nextTryAt)) {
      this.failures = 0;
      this.nextTryAt = 0;
    }
    this.client?.destroy();
    this.client = null;
  }

  close(): void {
    this.isClosed = true;
    this.client?.end();
  }

  private leave(client: Client): void {
    if (this.client === client) {
      this.client = null;
    }
    client.destroy();
  }

  private connected(): Promise<Client> {
    if (this.client) {
      return Promise.resolve(this.client);
    }
    if (!this.connecting && this.last && this.clock.steady() < this.nextTryAt) {
      return Promise.reject(new ProblemError(this.last.problem, { cause: this.last }));
    }
    this.connecting ??= this.connect().finally(() => {
      this.connecting = null;
    });
    return this.connecting;
  }

  private async connect(): Promise<Client> {
    try {
      const { client, config } = await login(this.host, this.options());
      this.variables = config.setEnv;
      this.keep(client);
      return client;
    } catch (error) {
      const found = asProblem(error);
      this.failures += 1;
      this.last = new ProblemError(found, { cause: error });
      // A little sooner than those who ask: they keep to the same intervals.
      const pause = retryInterval(this.failures) * (0.7 + 0.2 * Math.random());
      this.nextTryAt = waitsForPerson(found) ? Infinity : this.clock.steady() + pause;
      this.log.warn({ host: this.host, problem: found }, 'not connected');
      throw this.last;
    }
  }

  private keep(client: Client): void {
    this.client = client;
    this.hasServed = false;
    this.failures = 0;
    this.last = null;
    this.slots.reset();
    this.log.info({ host: this.host }, 'connected');
    client.on('error', error => this.log.warn({ host: this.host, err: error }, 'connection'));
    client.once('close', () => {
      this.log.info({ host: this.host }, 'disconnected');
      if (this.client === client) {
        this.client = null;
      }
    });
    if (this.isClosed) {
      client.end();
    }
  }

  /** A channel with a command on it; null when the host takes no more at a time. */
  private open(client: Client, command: string): Promise<ClientChannel | null> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(this.unreachable(`no command was started within ${START_MS / 1000} s`));
        this.leave(client);
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
        client.exec(command, { env: this.variables }, answer);
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

/** What only a person can mend: nobody is asked again before one has said so. */
function waitsForPerson({ code }: Problem): boolean {
  const { heals, lies } = PROBLEMS[code];
  return heals === 'by-a-person' && lies === 'way';
}

/** An answer to the wish for a channel; `reason` is the host's own (RFC 4254, 5.1). */
interface Refusal extends Error {
  reason?: unknown;
}
