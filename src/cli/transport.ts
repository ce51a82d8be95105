import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer, Request as PlainRequest } from '../api/client';
import { ROUTES } from '../api/routes';
import { NoAnswer } from './noAnswer';

/** Milliseconds between one attempt and the next; when they are used up, the request has failed. */
const PAUSES = [50, 200, 500, 1000, 2000];

/** Milliseconds without a byte after which a question is asked again; a quiet stream says something each 15 s. */
const LONGEST_SILENCE = 60_000;

/** A request that can be given up. */
interface Request extends PlainRequest {
  signal?: AbortSignal;
}

/** Where the sidecar is. */
export interface SidecarPlace {
  /** Path of its Unix socket, as far as it is known; null: `start` tells. */
  socket: string | null;
  /** Makes sure that a sidecar runs, and gives the path of its socket. */
  start: () => Promise<string>;
  pauses?: readonly number[];
}

/**
 * Requests over the sidecar's Unix socket. A sidecar that went away, or was replaced by a newer one, is started
 * again, and the request repeated where that can do no harm. Rejects with `NoAnswer`.
 */
export function socketTransport({
  socket,
  start,
  pauses = PAUSES
}: SidecarPlace): (request: Request) => Promise<Answer> {
  let known = socket;
  return async request => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        known ??= await start();
        return await ask(known, request);
      } catch (error) {
        const pause = pauses[attempt];
        if (!(error instanceof NoAnswer) || pause === undefined || !mayRepeat(request, error)) {
          throw error;
        }
        if (error.wasNotSent) {
          known = null;
        }
        await sleep(pause);
      }
    }
  };
}

/** Asking for a removal twice would answer that there is no such job. */
function mayRepeat({ method }: Request, { isFinal, wasNotSent }: NoAnswer): boolean {
  return !isFinal && (wasNotSent || method !== 'DELETE');
}

async function ask(socketPath: string, request: Request): Promise<Answer> {
  const { path } = request;
  const response = await send(socketPath, request);
  const chunks = chunksOf(response);
  const status = response.statusCode ?? 0;
  return path.startsWith(ROUTES.events) && status === 200
    ? { status, chunks }
    : { status, chunks: whole(await textOf(chunks)) };
}

function send(
  socketPath: string,
  { body, method, path, signal }: Request
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        socketPath,
        method,
        path,
        // A connection that was kept may belong to a sidecar that has gone.
        agent: false,
        ...(signal && { signal }),
        ...(body !== undefined && {
          headers: {
            'Content-Type': 'application/json',
            'Content-Length': Buffer.byteLength(body)
          }
        })
      },
      resolve
    );
    if (method === 'GET') {
      request.setTimeout(LONGEST_SILENCE, () => {
        request.destroy(new Error(`nothing was heard for ${LONGEST_SILENCE / 1000} s`));
      });
    }
    request.once('error', error => reject(noAnswer(error, signal)));
    request.end(body);
  });
}

/** Errors of connect(2) on a socket that nobody listens to. */
const NOBODY_THERE = new Set(['ENOENT', 'ECONNREFUSED']);

function noAnswer(error: Error, signal?: AbortSignal): NoAnswer {
  const code = 'code' in error ? String(error.code) : '';
  const isFinal = signal?.aborted === true;
  return new NoAnswer(error.message, { isFinal, wasNotSent: NOBODY_THERE.has(code), cause: error });
}

async function* chunksOf(response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) {
      yield String(chunk);
    }
  } catch (error) {
    throw error instanceof Error ? noAnswer(error) : error;
  }
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk;
  }
  return text;
}

async function* whole(text: string): AsyncGenerator<string> {
  yield text;
}
