import { homedir } from 'node:os';
import { CommanderError } from 'commander';
import { Client } from '../api/client';
import type { JobEvent } from '../api/events';
import { type Problem, ProblemError } from '../api/problem';
import { english } from '../api/translation';
import { whileAsking } from './asking';
import { callerOf } from './caller';
import { EXIT, exitCodeOfError } from './exitCode';
import { sayFailure } from './failure';
import { NoAnswer } from './noAnswer';
import { paintFor } from './paint';
import { currentFolder } from './paths';
import { makeProgram } from './program';
import { makeScreen } from './screen';
import { startSidecar } from './startSidecar';
import type { Surroundings } from './surroundings';
import { socketTransport } from './transport';
import { typistHere } from './typing';

/** Carries out a command line (without the program's name) in this process; gives the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  const { env, stderr, stdout } = process;
  leaveWhenNobodyReads();
  const screen = makeScreen({
    out: stdout,
    err: stderr,
    paint: paintFor(stdout, env),
    paintError: paintFor(stderr, env),
    environment: env
  });
  const { python } = callerOf(env);
  const noticed: Problem[] = [];
  const typist = typistHere(process);
  const transport = socketTransport({
    socket: env['JUPYTERLAB_SUBMIT_SOCKET'] ?? null,
    start: () => (python === '' ? Promise.reject(notThroughJupyter()) : startSidecar(python))
  });
  const client = new Client(transport, callerOf(env), notices => noticed.push(...notices));
  const events = (signal: AbortSignal): AsyncIterable<JobEvent> =>
    new Client(request => transport({ ...request, signal })).events();
  const surroundings: Surroundings = {
    client,
    screen,
    asking: (isJson, work, keeps = false) =>
      typist === null || isJson
        ? work({})
        : whileAsking({ client, events, screen, typist, keeps }, work),
    cwd: currentFolder(env),
    home: homedir(),
    reader: () => ({ trans: english, now: Date.now() / 1000 }),
    onInterrupt: onInterrupt(words => {
      screen.live(null);
      words.forEach(line => screen.error(line));
    })
  };
  let exitCode: number = EXIT.succeeded;
  const program = makeProgram(async command => {
    try {
      exitCode = await command(surroundings);
    } catch (error) {
      screen.live(null);
      sayFailure(screen, error);
      exitCode = exitCodeOfError(error, EXIT.failed);
    }
    await tellNotices(surroundings, noticed);
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    // Commander has said it already; help and version that were asked for are no error.
    exitCode = error.exitCode === 0 ? EXIT.succeeded : EXIT.usage;
  }
  return exitCode;
}

/** Says what no job says, once, beside whatever the command was about. */
async function tellNotices(
  { client, screen }: Surroundings,
  notices: readonly Problem[]
): Promise<void> {
  if (notices.length > 0) {
    // They come with each list that a command asks for.
    const once = new Map(notices.map(notice => [JSON.stringify(notice), notice]));
    once.forEach(notice => sayFailure(screen, new ProblemError(notice)));
    // Told once more is better than never.
    await client.noticesTold().catch(() => undefined);
  }
}

function notThroughJupyter(): NoAnswer {
  return new NoAnswer('Start this program as `jupyter submit`.', { isFinal: true });
}

/** A reader that has gone (`| head`) is no error, and nothing that we could still say would be read. */
function leaveWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      process.exit(error.code === 'EPIPE' ? EXIT.brokenPipe : EXIT.failed);
    });
  }
}

/** Ctrl-C ends this program at once, with the words that fit by then. */
function onInterrupt(say: (words: string[]) => void): Surroundings['onInterrupt'] {
  let current: () => string[] = () => [];
  process.once('SIGINT', () => {
    say(current());
    process.exit(EXIT.interrupted);
  });
  return words => {
    current = words;
  };
}
