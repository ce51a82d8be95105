import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { type Connection, type KeyboardAuthContext, Server } from 'ssh2';
import type { KeyPair } from '../sidecar/remote/ssh2/keys';
import { serveBash, socketOf } from '../sidecar/remote/ssh2/serveBash';

/** One round of questions. */
export interface AskedRound {
  name?: string;
  instruction?: string;
  prompts: { prompt: string; echo: boolean }[];
  /** What is let in. */
  right: string[];
}

/** How an account is let in. */
export interface Account {
  round: AskedRound;
  /** The key that lets in without a question, where there is one. */
  key?: KeyPair;
  /** Milliseconds after which a login that is not over is cut; as long as it likes otherwise. */
  graceMs?: number;
}

/** An SSH server in this process that asks each account what a test says; its commands are real ones. */
export class AskingServer {
  port = 0;
  /** The accounts that were asked, in turn, and whether what they answered was right. */
  readonly answers: [string, boolean][] = [];
  private readonly live = new Map<Connection, string>();
  private readonly server: Server;

  private constructor(
    hostKey: KeyPair,
    private readonly accounts: Readonly<Record<string, Account>>,
    private readonly environment: Record<string, string>
  ) {
    this.server = new Server({ hostKeys: [readFileSync(hostKey.file)] }, connection =>
      this.serve(connection)
    );
  }

  /** @param environment The variables of its commands. */
  static async start(
    hostKey: KeyPair,
    accounts: Readonly<Record<string, Account>>,
    environment: Record<string, string>
  ): Promise<AskingServer> {
    const made = new AskingServer(hostKey, accounts, environment);
    made.server.listen(0, '127.0.0.1');
    await once(made.server, 'listening');
    made.port = (made.server.address() as AddressInfo).port;
    return made;
  }

  /** Cuts the connections of an account, as a gateway that is started anew does. */
  cut(account: string): void {
    for (const [connection, of] of this.live) {
      if (of === account) {
        socketOf(connection).destroy();
      }
    }
  }

  stop(): void {
    this.live.forEach((_, connection) => socketOf(connection).destroy());
    this.server.close();
  }

  private serve(connection: Connection): void {
    this.live.set(connection, '');
    let grace: NodeJS.Timeout | undefined;
    connection.on('error', () => undefined);
    connection.once('close', () => {
      clearTimeout(grace);
      this.live.delete(connection);
    });
    connection.on('authentication', context => {
      const { username } = context;
      const account = this.accounts[username];
      if (account?.key !== undefined) {
        const isRight = context.method === 'publickey' && account.key.blob.equals(context.key.data);
        this.live.set(connection, username);
        return isRight ? context.accept() : context.reject(['publickey']);
      }
      if (account === undefined || context.method !== 'keyboard-interactive') {
        context.reject(['keyboard-interactive']);
        return;
      }
      this.live.set(connection, username);
      if (account.graceMs !== undefined) {
        grace ??= setTimeout(() => socketOf(connection).destroy(), account.graceMs);
      }
      this.ask(context, account.round);
    });
    connection.on('ready', () => clearTimeout(grace));
    connection.on('session', accept => {
      const session = accept();
      session.on('exec', (acceptExec, _, { command }) =>
        serveBash(acceptExec(), command, this.environment)
      );
    });
  }

  private ask(context: KeyboardAuthContext, round: AskedRound): void {
    const { instruction = '', name = '', prompts, right } = round;
    context.prompt(prompts, name, instruction, answers => {
      const isRight = answers.join('\0') === right.join('\0');
      this.answers.push([context.username, isRight]);
      if (isRight) {
        context.accept();
      } else {
        context.reject(['keyboard-interactive']);
      }
    });
  }
}
