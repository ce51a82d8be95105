import type { ServerConnection } from '@jupyterlab/services';
import { Client } from '../../api/client';
import type { JobEvent } from '../../api/events';
import type { Clock } from './page';
import { pause } from './pause';
import { serverTransport } from '../transport';

/** The service says something each 15 s, if only that it is there. */
const LONGEST_SILENCE_MS = 60_000;

/** Milliseconds between one look at the list and the next, where there is no stream. */
const POLL_MS = 5000;

/** What a source of events needs. */
interface Reach {
  clock: Clock;
  settings: ServerConnection.ISettings;
}

/**
 * All jobs, and then every change, until `signal` is aborted. Throws a `ProblemError` when the stream breaks, or when
 * nothing is heard on it for so long that it must have broken. `view` names a job that is shown closely.
 */
export async function* eventStream(
  { clock, settings }: Reach,
  view: string | undefined,
  signal: AbortSignal
): AsyncGenerator<JobEvent> {
  const leaving = new AbortController();
  const leave = (): void => leaving.abort();
  const giveUp = (): void =>
    leaving.abort(new Error(`nothing was heard for ${LONGEST_SILENCE_MS / 1000} s`));
  let rest = clock.after(LONGEST_SILENCE_MS, giveUp);
  const heard = (): void => {
    rest();
    rest = clock.after(LONGEST_SILENCE_MS, giveUp);
  };
  signal.addEventListener('abort', leave);
  const transport = serverTransport(settings, leaving.signal);
  const client = new Client(async request => {
    const { chunks, status } = await transport(request);
    return { status, chunks: noticed(chunks, heard) };
  });
  try {
    yield* client.events(view);
  } finally {
    rest();
    signal.removeEventListener('abort', leave);
  }
}

/** The same chunks, with a word for each as it comes: comments, which are no events, are signs of life too. */
async function* noticed(chunks: AsyncIterable<string>, heard: () => void): AsyncGenerator<string> {
  for await (const chunk of chunks) {
    heard();
    yield chunk;
  }
}

/** What logins ask, and then all jobs, once. */
export async function* eventList(
  { settings }: Reach,
  signal: AbortSignal
): AsyncGenerator<JobEvent> {
  const { questions, ...list } = await new Client(serverTransport(settings, signal)).list();
  yield { type: 'questions', questions };
  yield { type: 'jobs', ...list };
}

/** All jobs again and again, until `signal` is aborted. */
export async function* eventPoll(reach: Reach, signal: AbortSignal): AsyncGenerator<JobEvent> {
  while (!signal.aborted) {
    yield* eventList(reach, signal);
    await pause(reach.clock, POLL_MS, signal);
  }
}
