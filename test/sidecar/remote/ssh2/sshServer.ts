import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import {
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
  connect,
  createServer
} from 'node:net';
import path from 'node:path';
import {
  type AuthContext,
  type Connection,
  type KeyboardAuthContext,
  Server,
  type ServerChannel
} from 'ssh2';
import { onTestFinished } from 'vitest';
import type { KeyPair } from './keys';
import { serveBash, socketOf } from './serveBash';

/** One round of keyboard-interactive (RFC 4256). */
export interface AskedRound {
  name?: string;
  instruction?: string;
  prompts: { prompt: string; echo: boolean }[];
  isRight: (answers: readonly string[]) => boolean;
}

/** How a server of these tests behaves, where it is not as usual. */
export interface Behaviour {
  hostKeys: readonly KeyPair[];
  /** The keys that are let in. */
  users: readonly KeyPair[];
  /** What it takes beside keys, as it names it. */
  methods?: AuthContext['method'][];
  /**
   * What it asks after a key that is right, or at once where it takes no keys: rounds, one after another, and whether it
   * takes the answers to each. Nothing else lets anybody in then.
   */
  rounds?: readonly AskedRound[];
  /** The password that it takes. */
  password?: string;
  /** Decides about a request to log in, instead of going by keys alone. */
  authenticate?: (context: AuthContext) => void;
  /** How many commands at a time. */
  maxSessions?: number;
  /** Milliseconds that a command counts after its end, as with sshd. */
  lingerMs?: number;
  /** The variables of its commands; this process's otherwise. */
  environment?: NodeJS.ProcessEnv;
  /** What it does with a command instead of running it. */
  exec?: (channel: ServerChannel, connection: Connection) => void;
  /** Never says whether a command was started. */
  neverStarts?: boolean;
}

/** An SSH server in this process that counts; its commands are real ones. */
export class SshServer {
  connections = 0;
  /** Requests to log in, by what they tried. */
  readonly attempts: string[] = [];
  /** What was answered in each round. */
  readonly answers: string[][] = [];
  sessions = 0;
  /** The most commands at a time. */
  peak = 0;
  port = 0;
  behaviour: Behaviour;
  private running = 0;
  private readonly live = new Set<Connection>();
  private readonly server: Server;

  private constructor(behaviour: Behaviour) {
    this.behaviour = behaviour;
    const hostKeys = behaviour.hostKeys.map(({ file }) => readFileSync(file));
    this.server = new Server({ hostKeys }, connection => this.serve(connection));
  }

  /** Starts one; it ends with the test. */
  static async start(behaviour: Behaviour, port = 0): Promise<SshServer> {
    const made = new SshServer(behaviour);
    made.server.listen(port, '127.0.0.1');
    await once(made.server, 'listening');
    made.port = (made.server.address() as AddressInfo).port;
    onTestFinished(() => made.stop());
    return made;
  }

  /** Connections at the moment. */
  get open(): number {
    return this.live.size;
  }

  /** Cuts all connections. */
  cut(): void {
    for (const connection of this.live) {
      socketOf(connection).destroy();
    }
  }

  stop(): void {
    this.cut();
    this.server.close();
  }

  private serve(connection: Connection): void {
    this.connections += 1;
    this.live.add(connection);
    socketOf(connection).setNoDelay(true);
    let sessions = 0;
    connection.on('error', () => undefined);
    connection.once('close', () => this.live.delete(connection));
    connection.on('authentication', context => this.authenticate(context));
    connection.on('tcpip', (accept, refuse, { destIP, destPort }) => {
      const socket = connect(destPort, destIP);
      socket.once('error', () => refuse());
      socket.once('connect', () => {
        const channel = accept();
        channel.pipe(socket).pipe(channel);
        socket.on('error', () => channel.destroy());
      });
    });
    connection.on('session', (accept, refuse) => {
      if (sessions >= (this.behaviour.maxSessions ?? 10)) {
        refuse();
        return;
      }
      sessions += 1;
      this.sessions += 1;
      const session = accept();
      session.once('close', () => {
        setTimeout(() => {
          sessions -= 1;
        }, this.behaviour.lingerMs ?? 0);
      });
      session.on('exec', (acceptExec, _, { command }) => {
        if (this.behaviour.neverStarts !== true) {
          this.run(acceptExec(), command, connection);
        }
      });
    });
  }

  private authenticate(context: AuthContext): void {
    const { methods = [], password, rounds, users } = this.behaviour;
    this.attempts.push(context.method);
    if (this.behaviour.authenticate) {
      this.behaviour.authenticate(context);
      return;
    }
    const isRight =
      context.method === 'publickey' && users.some(({ blob }) => blob.equals(context.key.data));
    if (isRight && rounds !== undefined && context.method === 'publickey') {
      // The first question is whether it would take the key; the second has a signature.
      if (context.signature === undefined) {
        context.accept();
      } else {
        context.reject(['keyboard-interactive'], true);
      }
    } else if (isRight || (context.method === 'password' && context.password === password)) {
      context.accept();
    } else if (context.method === 'keyboard-interactive' && rounds !== undefined) {
      this.askRounds(context, rounds);
    } else {
      context.reject(users.length > 0 ? ['publickey', ...methods] : methods);
    }
  }

  private askRounds(context: KeyboardAuthContext, [round, ...rest]: readonly AskedRound[]): void {
    if (round === undefined) {
      context.accept();
      return;
    }
    const { instruction = '', isRight, name = '', prompts } = round;
    context.prompt(prompts, name, instruction, answers => {
      this.answers.push(answers);
      if (isRight(answers)) {
        this.askRounds(context, rest);
      } else {
        context.reject(['keyboard-interactive']);
      }
    });
  }

  private run(channel: ServerChannel, command: string, connection: Connection): void {
    this.running += 1;
    this.peak = Math.max(this.peak, this.running);
    channel.once('close', () => {
      this.running -= 1;
    });
    channel.on('error', () => undefined);
    if (this.behaviour.exec) {
      this.behaviour.exec(channel, connection);
      return;
    }
    serveBash(channel, command, this.behaviour.environment ?? process.env);
  }
}

/** A way to a server that can be cut, or stop to carry anything without a word; it ends with the test. */
export class Proxy {
  port = 0;
  connections = 0;
  isSwallowing = false;
  /** Bytes that were carried, both ways. */
  bytes = 0;
  private readonly sockets = new Set<Socket>();
  private readonly server: TcpServer;

  private constructor(
    /** Where the next connections lead. */
    public target: number | null
  ) {
    this.server = createServer(socket => {
      this.connections += 1;
      this.sockets.add(socket.on('error', () => undefined));
      if (this.target !== null) {
        const far = connect(this.target, '127.0.0.1').on('error', () => socket.destroy());
        this.sockets.add(far);
        this.carry(socket, far);
        this.carry(far, socket);
      }
    });
  }

  /**
   * @param target A port of this machine; null: what takes connections and says nothing.
   * @param port Where it listens; 0: anywhere.
   */
  static async start(target: number | null, port = 0): Promise<Proxy> {
    const made = new Proxy(target);
    made.server.listen(port, '127.0.0.1');
    await once(made.server, 'listening');
    made.port = (made.server.address() as AddressInfo).port;
    onTestFinished(() => {
      made.cut();
      made.server.close();
    });
    return made;
  }

  cut(): void {
    this.sockets.forEach(socket => socket.destroy());
  }

  private carry(from: Socket, to: Socket): void {
    from.on('data', (bytes: Buffer) => {
      this.bytes += bytes.length;
      if (!this.isSwallowing) {
        to.write(bytes);
      }
    });
    from.on('close', () => to.destroy());
  }
}

/** Writes an SSH configuration that knows of nothing outside `folder`, and returns its name. */
export function writeConfig(folder: string, hosts: string): string {
  const file = path.join(folder, 'config');
  const others = `Host *
  HostName 127.0.0.1
  User ada
  IdentityAgent none
  IdentityFile ${folder}/id
  UserKnownHostsFile ${folder}/known_hosts
  GlobalKnownHostsFile none
`;
  writeFileSync(file, `${hosts}\n${others}`);
  return file;
}

/** Writes the known_hosts file of `writeConfig`. */
export function writeKnownHosts(folder: string, lines: readonly string[]): void {
  writeFileSync(path.join(folder, 'known_hosts'), `${lines.join('\n')}\n`);
}

/** How known_hosts names a port of this machine. */
export function at({ port }: { port: number }): string {
  return `[127.0.0.1]:${port}`;
}
