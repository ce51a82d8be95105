import { ServerConnection } from '@jupyterlab/services';
import { type JobEvent, formatEvent } from '../../src/api/events';
import type { ProblemCode } from '../../src/api/problem';

/** What a page asked a fake server for. */
export interface Asked {
  method: string;
  /** Path and query below the server's base URL, without the number that keeps browsers from using their cache. */
  path: string;
  contentType: string | null;
  body: string;
}

type Answerer = (asked: Asked, signal: AbortSignal) => Response | Promise<Response>;

/** A Jupyter server as `fetch` shows it to a page: each route answers as a test says, with real streams. */
export class FakeServer {
  readonly asked: Asked[] = [];
  readonly streams: FakeStream[] = [];
  private readonly routes = new Map<string, Answerer>();

  readonly settings = ServerConnection.makeSettings({
    baseUrl: 'http://localhost:8888/user/ada/',
    fetch: (input, init) => this.fetch(new Request(input, init))
  });

  /** Answers a route, named like `GET jobs` or `PUT jobs/ID`, from here on. */
  on(route: string, answer: Answerer): void {
    this.routes.set(route, answer);
  }

  /** Answers the stream of events, with these events at once. */
  onEvents(first: () => JobEvent[]): void {
    this.on('GET events', ({ path }, signal) => {
      const stream = new FakeStream(path, signal);
      this.streams.push(stream);
      first().forEach(event => stream.tell(event));
      return stream.response;
    });
  }

  get open(): FakeStream[] {
    return this.streams.filter(stream => stream.isOpen);
  }

  /** The routes that were asked for, like `GET jobs`. */
  get routesAsked(): string[] {
    return this.asked.map(routeOf);
  }

  private async fetch(request: Request): Promise<Response> {
    const body = await request.text();
    request.signal.throwIfAborted();
    const asked = {
      method: request.method,
      path: request.url
        .slice(this.settings.baseUrl.length)
        .replace(/[?&]\d+$/, '')
        .replace(/^jupyterlab-submit\//, ''),
      contentType: request.headers.get('Content-Type'),
      body
    };
    this.asked.push(asked);
    const answer = this.routes.get(routeOf(asked));
    if (answer === undefined) {
      throw new TypeError('Failed to fetch');
    }
    return until(request.signal, answer(asked, request.signal));
  }
}

/** A stream of events that a test writes to. */
export class FakeStream {
  isOpen = true;
  readonly response: Response;
  private writer: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(
    readonly path: string,
    signal: AbortSignal
  ) {
    const body = new ReadableStream<Uint8Array>({
      start: controller => {
        this.writer = controller;
      },
      cancel: () => {
        this.isOpen = false;
      }
    });
    signal.addEventListener('abort', () => this.breakOff());
    this.response = new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }

  tell(event: JobEvent): void {
    this.write(formatEvent(event));
  }

  write(text: string): void {
    this.writer?.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    this.isOpen = false;
    this.writer?.close();
  }

  breakOff(): void {
    if (this.isOpen) {
      this.isOpen = false;
      this.writer?.error(new TypeError('network error'));
    }
  }
}

export const json = (value: unknown, status = 200): Response =>
  new Response(JSON.stringify(value), {
    status,
    headers: { 'Content-Type': 'application/json' }
  });

export const problemAnswer = (
  code: ProblemCode,
  values: Record<string, string>,
  status: number
): Response =>
  new Response(JSON.stringify({ status, code, values }), {
    status,
    headers: { 'Content-Type': 'application/problem+json' }
  });

function routeOf({ method, path }: Asked): string {
  return `${method} ${path
    .replace(/^api\//, '')
    .replace(/\?.*/, '')
    .replace(/^jobs\/[^/]+/, 'jobs/ID')}`;
}

function until(signal: AbortSignal, answer: Response | Promise<Response>): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
    Promise.resolve(answer).then(resolve, reject);
  });
}
