import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { type AddressInfo, type Server, type Socket, connect, createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Bench } from '../jobs/harness';
import { makeTemp } from '../makeTemp';
import type { Logins } from './testCluster';

/** Milliseconds for which bytes are gathered into one burst: ssh2 writes each of its packets in three pieces. */
const GATHER_MS = 10;

/** Milliseconds without a burst after which none is expected. */
const QUIET_MS = 100;

/** When a burst is the one to cut at: instead of passing it on, or when it has been passed on. */
export type CutWhen = 'before' | 'after';

/** How late bursts come, and how late each hundredth. */
export interface Lateness {
  milliseconds: number;
  hundredth: number;
}

/** Which bytes: those that go to the cluster, or those that come back. */
type Way = 'there' | 'back';

/**
 * Runs `work` with a link of its own, and a sidecar that reaches the cluster's first host through it.
 *
 * @param lines More lines for the host in the SSH configuration.
 * @param settings The person's settings.
 */
export async function behindLink<T>(
  cluster: Logins,
  work: (bench: Bench, link: Link) => Promise<T>,
  lines: readonly string[] = [],
  settings?: object
): Promise<T> {
  const link = await Link.to(cluster, ...lines);
  const bench = await Bench.start({
    settings,
    variables: {
      JUPYTERLAB_SUBMIT_SSH_CONFIG: link.sshConfig,
      JUPYTERLAB_SUBMIT_LOGIN_PAUSE_SECONDS: '5'
    }
  });
  try {
    return await work(bench, link);
  } finally {
    await bench.stop();
    await link.close();
  }
}

/** A way to the SSH server of the test cluster that can be cut. It passes bytes on in bursts. */
export class Link {
  /** The ports that its connections have come from, as the server sees them. */
  readonly ports: number[] = [];
  /** Calls for each burst, which it may cut off. */
  private watch: ((way: Way, bytes: number) => CutWhen | null) | null = null;
  private isDown = false;
  private late: Lateness = { milliseconds: 0, hundredth: 0 };
  private bursts = 0;
  private passedAt = 0;
  private readonly sockets = new Set<Socket>();
  private readonly dead = new WeakSet<Socket>();

  private constructor(
    private readonly server: Server,
    /** An SSH configuration whose first host is reached through this link. */
    readonly sshConfig: string
  ) {}

  /** @param settings More lines for the host in the SSH configuration. */
  static async to(
    { host, sshConfig, port: sshPort }: Logins,
    ...settings: string[]
  ): Promise<Link> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const file = path.join(makeTemp(), 'ssh_config');
    const lines = [`Port ${port}`, `HostKeyAlias [127.0.0.1]:${sshPort}`, ...settings];
    writeFileSync(file, [`Host ${host}`, ...lines, `Include ${sshConfig}`, ''].join('\n'));
    const link = new Link(server, file);
    server.on('connection', socket => link.carry(socket, connect(sshPort, '127.0.0.1')));
    return link;
  }

  /** How many connections were made. */
  get connections(): number {
    return this.ports.length;
  }

  /** Resolves when nothing has passed for a while: what ends a command comes after its answer. */
  async quiet(): Promise<void> {
    while (Date.now() - this.passedAt < QUIET_MS) {
      await sleep(GATHER_MS);
    }
  }

  /** From now on, counts the bursts of both ways together, and cuts everything at the one of this number, once. */
  cutAtBurst(when: CutWhen, burst: number): void {
    let seen = 0;
    this.watch = () => {
      seen += 1;
      return seen === burst ? when : null;
    };
  }

  /** Cuts everything when so many bytes have gone one way from now on, once. */
  cutAtByte(way: Way, bytes: number): void {
    let passed = 0;
    this.watch = (through, length) => {
      passed += through === way ? length : 0;
      return passed >= bytes ? 'after' : null;
    };
  }

  /** Whether a planned cut is still to come. */
  get isPlanned(): boolean {
    return this.watch !== null;
  }

  /** Gives up a planned cut. */
  forget(): void {
    this.watch = null;
  }

  /** Cuts all connections; new ones can be made. */
  cut(): void {
    this.watch = null;
    this.sockets.forEach(socket => socket.destroy());
  }

  /** Cuts all connections, and makes none until `restore`. */
  down(): void {
    this.isDown = true;
    this.cut();
  }

  /** From now on, each burst comes so late, one way; those behind it wait. */
  slow(late: Lateness): void {
    this.late = late;
  }

  /** The connections that there are pass nothing on any more and tell nobody, as behind a firewall that has forgotten them. */
  silence(): void {
    this.sockets.forEach(socket => this.dead.add(socket));
  }

  /** New connections can be made again. */
  restore(): void {
    this.isDown = false;
  }

  async close(): Promise<void> {
    this.down();
    this.server.close();
    await once(this.server, 'close');
  }

  private carry(near: Socket, far: Socket): void {
    for (const socket of [near, far]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.once('close', () => this.sockets.delete(socket));
    }
    if (this.isDown) {
      near.destroy();
      far.destroy();
      return;
    }
    far.once('connect', () => this.ports.push(far.localPort ?? 0));
    this.carryOneWay(near, far, 'there');
    this.carryOneWay(far, near, 'back');
  }

  private carryOneWay(from: Socket, to: Socket, way: Way): void {
    let gathered: Buffer[] = [];
    let due = 0;
    /** Does it when the bytes of now have come. */
    const later = (act: () => void): void => {
      const now = Date.now();
      due = Math.max(due, now + this.lateness());
      if (due > now) {
        setTimeout(act, due - now);
      } else {
        act();
      }
    };
    const pass = (burst: Buffer): void => {
      if (this.dead.has(from) || to.destroyed || burst.length === 0) {
        return;
      }
      this.passedAt = Date.now();
      const cut = this.watch?.(way, burst.length) ?? null;
      if (cut === 'before') {
        this.cut();
      } else {
        to.write(burst, () => cut === 'after' && this.cut());
      }
    };
    const burst = (): void => {
      const whole = Buffer.concat(gathered);
      gathered = [];
      later(() => pass(whole));
    };
    from.on('data', chunk => {
      if (gathered.length === 0) {
        setTimeout(burst, GATHER_MS);
      }
      gathered.push(chunk);
    });
    from.once('close', () => {
      burst();
      later(() => this.dead.has(from) || to.destroySoon());
    });
  }

  private lateness(): number {
    this.bursts += 1;
    return this.bursts % 100 === 0 ? this.late.hundredth : this.late.milliseconds;
  }
}
