import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Client, type Transport } from '../../src/api/client';
import { formatEvent } from '../../src/api/events';
import { type ProblemCode, ProblemError } from '../../src/api/problem';
import { jobRecord } from './jobRecord';

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void;

const open: (() => void)[] = [];
afterEach(() => {
  open.splice(0).forEach(close => close());
});

/** A real server that answers as a test says, and a client that reaches it through `fetch`. */
async function clientOf(handler: Handler): Promise<{ client: Client; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`.trim());
      handler(request, response, body);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { client: new Client(transportTo(`http://127.0.0.1:${port}`)), asked };
}

function transportTo(root: string): Transport {
  return async ({ body, method, path }) => {
    const response = await fetch(`${root}${path}`, {
      method,
      ...(body !== undefined && { body, headers: { 'Content-Type': 'application/json' } })
    });
    const { body: stream, status } = response;
    return { status, chunks: stream ? stream.pipeThrough(new TextDecoderStream()) : noChunks() };
  };
}

async function* noChunks(): AsyncGenerator<string> {}

const answering =
  (value: unknown, status = 200): Handler =>
  (_, response) => {
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
  };

async function codeOf(promise: Promise<unknown>): Promise<ProblemCode> {
  const error = await promise.then(
    () => expect.unreachable('it should have been refused'),
    (thrown: unknown) => thrown
  );
  if (!(error instanceof ProblemError)) {
    throw error;
  }
  return error.problem.code;
}

describe('Client', () => {
  const form = { cores: 4 };

  it.each<[string, (client: Client) => Promise<unknown>, unknown, string]>([
    ['jobs', client => client.jobs(), { jobs: [jobRecord()] }, 'GET /api/jobs'],
    ['job', client => client.job('k3v9x2ab'), { job: jobRecord() }, 'GET /api/jobs/k3v9x2ab'],
    [
      'submit',
      client => client.submit('k3v9x2ab', form),
      { job: jobRecord() },
      `PUT /api/jobs/k3v9x2ab ${JSON.stringify({ form })}`
    ],
    [
      'checkCluster',
      client => client.checkCluster({ cluster: 'hpc', queue: 'main' }),
      {
        name: 'hpc',
        title: 'HPC',
        scheduler: 'slurm',
        parts: [],
        queues: [],
        accounts: [],
        qos: []
      },
      'POST /api/clusters/check {"form":{"cluster":"hpc","queue":"main"}}'
    ],
    [
      'checkCluster, as a person wants it',
      client => client.checkCluster({ cluster: 'hpc' }, { insists: true }),
      {
        name: 'hpc',
        title: 'HPC',
        scheduler: 'slurm',
        parts: [],
        queues: [],
        accounts: [],
        qos: []
      },
      'POST /api/clusters/check {"form":{"cluster":"hpc"},"insists":true}'
    ],
    [
      'cancel',
      client => client.cancel('k3v9x2ab'),
      { job: jobRecord() },
      'POST /api/jobs/k3v9x2ab/cancel {}'
    ],
    [
      'fetch',
      client => client.fetch('k3v9x2ab', { place: '/tmp/x', files: ['a b'] }),
      { job: jobRecord() },
      'POST /api/jobs/k3v9x2ab/fetch {"place":"/tmp/x","files":["a b"]}'
    ],
    [
      'refresh',
      client => client.refresh('k3v9x2ab'),
      { job: jobRecord() },
      'POST /api/jobs/k3v9x2ab/refresh {}'
    ],
    [
      'remove',
      client => client.remove('k3v9x2ab'),
      { id: 'k3v9x2ab' },
      'DELETE /api/jobs/k3v9x2ab'
    ],
    [
      'remove, even its result',
      client => client.remove('k3v9x2ab', { evenResult: true }),
      { id: 'k3v9x2ab' },
      'DELETE /api/jobs/k3v9x2ab?result=too'
    ],
    [
      'script',
      client => client.script('k3v9x2ab'),
      { script: '#!' },
      'GET /api/jobs/k3v9x2ab/script'
    ],
    [
      'log',
      client => client.log('k3v9x2ab', 'engines', 12),
      { text: 'x', next: 13, size: 13 },
      'GET /api/jobs/k3v9x2ab/log?name=engines&from=12'
    ],
    [
      'clusters',
      client => client.clusters(),
      { clusters: [], problem: null },
      'POST /api/clusters {}'
    ],
    [
      'ping',
      client => client.ping(),
      { name: 'jupyterlab-submit', version: '1', protocol: 1, pid: 7 },
      'GET /api/ping'
    ]
  ])('asks for %s', async (_, call, answer, expected) => {
    const { asked, client } = await clientOf(answering(answer));
    await call(client);
    expect(asked).toEqual([expected]);
  });

  it('throws the problem that a refusal holds', async () => {
    const wire = { status: 404, code: 'no-such-job', values: { id: 'k3v9x2ab' } };
    const { client } = await clientOf(answering(wire, 404));
    const error = await client.job('k3v9x2ab').catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ problem: { code: 'no-such-job', values: { id: 'k3v9x2ab' } } });
  });

  it.each<[string, Handler]>([
    ['a page of a proxy', (_, response) => response.writeHead(502).end('<html>Bad gateway</html>')],
    ['nothing at all', (_, response) => response.writeHead(500).end()],
    ['a good answer that is no JSON', (_, response) => response.end('{"job":')],
    ['a good answer of another shape', answering({ job: { id: 'k3v9x2ab' } })]
  ])('cannot read %s', async (_, handler) => {
    const { client } = await clientOf(handler);
    expect(await codeOf(client.job('k3v9x2ab'))).toBe('answer-unreadable');
  });

  it('keeps the beginning of what it cannot read', async () => {
    const { client } = await clientOf((_, response) => response.end('x'.repeat(5000)));
    const error = await client.jobs().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ problem: { details: { output: 'x'.repeat(2000) } } });
  });

  it('reads events as they come, and leaves when the reader does', async () => {
    let left = (): void => undefined;
    const hasLeft = new Promise<void>(resolve => (left = resolve));
    const { asked, client } = await clientOf((_, response) => {
      response.once('close', left);
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(formatEvent({ type: 'jobs', jobs: [] }));
      response.write(formatEvent({ type: 'job', job: jobRecord() }));
    });
    const types: string[] = [];
    for await (const event of client.events('k3v9x2ab')) {
      types.push(event.type);
      if (event.type === 'job') {
        break;
      }
    }
    await hasLeft;
    expect(types).toEqual(['jobs', 'job']);
    expect(asked).toEqual(['GET /api/events?view=k3v9x2ab']);
  });

  it('throws the problem of a stream that is refused', async () => {
    const { client } = await clientOf(answering({ code: 'internal', values: {} }, 500));
    expect(await codeOf(client.events().next())).toBe('internal');
  });
});
