import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { problem } from '../../../api/problem';
import { bashInput } from '../bashInput';
import { startUpProblem } from '../startUpFiles';
import { type Ending, type Started, converse } from '../conversation';
import { newMark } from '../mark';
import type { RemoteAnswer, RemoteCommand } from '../remote';
import { type Connection, NotRun } from '../way';
import { driver } from './driver';
import { MarkReader } from './markReader';

/** Milliseconds that a bash may take to be ready: start-up files of the account come first. */
const READY_MS = 45_000;

/** Milliseconds in which is told how a bash has ended whose output has. */
const END_TOLD_MS = 500;

/** Milliseconds that a command which was given up may take to end; longer than it may keep from reading (driver.ts). */
const END_MS = 330_000;

/** The most bytes that may come before anything of ours. */
const MOST_BEFORE = 1_000_000;

/** How much is kept of it, in letters. */
const KEPT = 2000;

/** How many bytes wait to be sent: pieces that are large cost less. */
const WAITING_BYTES = 2_000_000;

/**
 * Everything through one bash that lives for as long as the connection does, one command after another: for hosts that give one session,
 * and perhaps one login. A command that hangs is ended there, by the shell itself.
 */
export class OneShell implements Connection {
  private isLost = false;
  /** Resolves when the last command is over. */
  private last: Promise<void> = Promise.resolve();

  private constructor(
    private readonly started: Started,
    private readonly out: MarkReader,
    private readonly host: string
  ) {
    const lose = (): void => {
      this.isLost = true;
    };
    started.stdin.on('error', lose);
    started.ended.then(lose, lose);
  }

  /**
   * Takes a bash that was started, whatever carries its bytes.
   *
   * @throws ProblemError `start-up-files`, and its like (startUpFiles.ts), where it does not come to run anything.
   */
  static async begin(started: Started, host: string, readyMs = READY_MS): Promise<OneShell> {
    const mark = newMark();
    const out = new MarkReader(started.stdout);
    const shell = new OneShell(started, out, host);
    let isLate = false;
    let isBroken = false;
    let ending: Ending = { exitCode: null, signal: null };
    void started.ended.then(
      how => {
        ending = how;
        isBroken = how.exitCode === null && how.signal === null;
      },
      () => {
        isBroken = true;
      }
    );
    const timer = setTimeout(() => {
      isLate = true;
      started.end();
    }, readyMs);
    let output = '';
    const passOver = (bytes: Buffer): void => {
      output = `${output}${bytes.toString()}`.slice(-KEPT);
    };
    started.stderr.on('data', passOver);
    try {
      started.stdin.write(bashInput(driver(mark)));
      await out.until(mark, bounded(passOver));
      return shell;
    } catch (error) {
      // How it ended may be told a little after its output's end.
      await Promise.race([started.ended.catch(() => undefined), sleep(END_TOLD_MS)]);
      started.end();
      if (isBroken && !isLate) {
        const details = { output: `the connection broke. ${output}`.trim() };
        throw problem('cluster-unreachable', { cluster: host }, { details, cause: error });
      }
      throw startUpProblem(host, { ...ending, output });
    } finally {
      clearTimeout(timer);
      // Nothing of ours comes there (driver.ts).
      started.stderr.off('data', passOver).resume();
    }
  }

  get isOpen(): boolean {
    return !this.isLost;
  }

  async run(command: RemoteCommand): Promise<RemoteAnswer> {
    const before = this.last;
    let free = (): void => undefined;
    this.last = new Promise(resolve => {
      free = resolve;
    });
    await before;
    if (this.isLost) {
      free();
      throw new NotRun('lost');
    }
    const turn = this.turn();
    void turn.ended.then(free);
    return converse(turn, command, this.host);
  }

  close(): void {
    this.isLost = true;
    this.started.stdin.end();
  }

  drop(): void {
    this.isLost = true;
    this.started.end();
  }

  /** A bash that the shell runs, as if it had been started for itself. */
  private turn(): Started {
    const mark = newMark();
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    let process = '';
    let isOver = false;
    let isGivenUp = false;
    let late: NodeJS.Timeout | undefined;
    const kill = (): void => {
      if (isGivenUp && process !== '' && !isOver) {
        this.send(`kill ${process}\n`);
      }
    };
    const read = async (): Promise<Ending> => {
      process = await this.out.until(mark, () => undefined);
      kill();
      const last = await this.out.until(mark, bytes => passOn(stdout, bytes));
      const [status = '', errors = ''] = last.split(' ');
      stderr.write(Buffer.from(errors, 'base64'));
      return endingOf(status);
    };
    this.send(`run ${mark}\n`);
    const ended = read()
      .catch(() => {
        this.isLost = true;
        return { exitCode: null, signal: null };
      })
      .finally(() => [stdout, stderr].forEach(stream => stream.end()));
    void ended.then(() => {
      clearTimeout(late);
      isOver = true;
      this.send('over\n');
    });
    const stdin = pieces((bytes, sent) => {
      if (isOver || this.isLost) {
        sent(Object.assign(new Error('the command has ended'), { code: 'EPIPE' }));
      } else {
        this.send(bytes, sent);
      }
    });
    const end = (): void => {
      [stdin, stdout, stderr].forEach(stream => stream.destroy());
      if (!isOver && !isGivenUp) {
        isGivenUp = true;
        late = setTimeout(() => this.drop(), END_MS);
        late.unref();
        kill();
      }
    };
    return { stdin, stdout, stderr, ended, end };
  }

  private send(
    bytes: string | Buffer,
    sent: (error?: Error | null) => void = () => undefined
  ): void {
    if (this.started.stdin.writable) {
      this.started.stdin.write(bytes, sent);
    } else {
      sent(Object.assign(new Error('the connection broke'), { code: 'EPIPE' }));
    }
  }
}

/** Fails where so much comes that there will hardly be a mark. */
function bounded(pass: (bytes: Buffer) => void): (bytes: Buffer) => void {
  let length = 0;
  return bytes => {
    length += bytes.length;
    if (length > MOST_BEFORE) {
      throw new Error(`more than ${MOST_BEFORE} bytes came before anything was run`);
    }
    pass(bytes);
  };
}

/** Writes to whoever reads, as fast as that is; what nobody wants any more is passed over. */
async function passOn(stream: PassThrough, bytes: Buffer): Promise<void> {
  if (!stream.destroyed && !stream.write(bytes)) {
    const over = new AbortController();
    await Promise.race([
      once(stream, 'drain', { signal: over.signal }),
      once(stream, 'close', { signal: over.signal })
    ])
      // It fails where its reader does.
      .catch(() => undefined)
      .finally(() => over.abort());
  }
}

/** Makes pieces of what is written to it (driver.ts). */
function pieces(send: (bytes: Buffer, sent: (error?: Error | null) => void) => void): Writable {
  const sendAll = (all: Buffer, done: (error?: Error | null) => void): void => {
    if (all.length === 0) {
      done();
    } else {
      send(Buffer.concat([Buffer.from(`piece ${all.length}\n`), all]), done);
    }
  };
  return new Writable({
    highWaterMark: WAITING_BYTES,
    write: (chunk: Buffer, _, done) => sendAll(chunk, done),
    writev: (chunks, done) =>
      sendAll(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
    final: done => {
      send(Buffer.from('eof\n'), () => done());
    }
  });
}

function endingOf(status: string): Ending {
  return /^\d{1,3}$/.test(status)
    ? { exitCode: Number(status), signal: null }
    : { exitCode: null, signal: 'SIGKILL' };
}
