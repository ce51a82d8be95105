import { URLExt } from '@jupyterlab/coreutils';
import { ServerConnection } from '@jupyterlab/services';
import type { Request, Transport } from '../api/client';
import { problem } from '../api/problem';

/** Our part of the Jupyter server, below its base URL. */
const ROOT = 'jupyterlab-submit';

/** Answers to questions that nobody asked with a click, though they are sent like something that was done. */
const BACKGROUND = ['/contents-paths'];

/** As much of an answer that is not ours as goes into a problem's details, in characters. */
const MOST_KEPT = 2000;

/**
 * Requests through the Jupyter server, until `signal` is aborted. Rejects with the problem `server-silent` when no
 * answer came, and with `server-refused` when it came from somebody else: Jupyter itself, or a proxy before it.
 */
export function serverTransport(
  settings: ServerConnection.ISettings,
  signal?: AbortSignal
): Transport {
  return async request => {
    const leaving = new AbortController();
    const leave = (): void => leaving.abort(signal?.reason);
    signal?.addEventListener('abort', leave, { once: true });
    if (signal?.aborted === true) {
      leave();
    }
    const response = await send(settings, request, leaving.signal);
    const chunks = chunksOf(response, leaving);
    if (!isOurs(response)) {
      throw problem(
        'server-refused',
        { status: response.status },
        { details: { output: await beginning(chunks) } }
      );
    }
    return { status: response.status, chunks };
  };
}

async function send(
  settings: ServerConnection.ISettings,
  { body, method, path }: Request,
  signal: AbortSignal
): Promise<Response> {
  try {
    return await ServerConnection.makeRequest(
      URLExt.join(settings.baseUrl, ROOT) + inBackground(method, path),
      {
        method,
        signal,
        // Without it a text is sent as text/plain, which nobody reads as JSON.
        ...(body !== undefined && { body, headers: { 'Content-Type': 'application/json' } })
      },
      settings
    );
  } catch (error) {
    throw silent(error);
  }
}

/** What only looks must not count as activity: servers that nobody uses are stopped by their hub. */
function inBackground(method: Request['method'], path: string): string {
  if (method !== 'GET' && !BACKGROUND.includes(path)) {
    return path;
  }
  return `${path}${path.includes('?') ? '&' : '?'}no_track_activity=1`;
}

/** A page to log in at comes with a good status, after a redirection. */
function isOurs({ headers, ok, redirected }: Response): boolean {
  const type = headers.get('Content-Type') ?? '';
  return ok ? !redirected : type.startsWith('application/problem+json');
}

/** The body of an answer as text. A reader that leaves early ends the request, even while it waits for a chunk. */
function chunksOf({ body }: Response, leaving: AbortController): AsyncIterable<string> {
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  const end = { done: true, value: undefined } as const;
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        try {
          return reader === undefined ? end : await reader.read();
        } catch (error) {
          throw silent(error);
        }
      },
      return: async () => {
        leaving.abort();
        return end;
      }
    })
  };
}

async function beginning(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk;
    if (text.length >= MOST_KEPT) {
      break;
    }
  }
  return text.slice(0, MOST_KEPT);
}

function silent(error: unknown): Error {
  const output = error instanceof Error ? error.message : String(error);
  return problem('server-silent', {}, { details: { output }, cause: error });
}
