import { existsSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { NoAnswer } from '../../src/cli/noAnswer';
import { startSidecar } from '../../src/cli/startSidecar';
import { socketTransport } from '../../src/cli/transport';
import { makeTemp } from '../makeTemp';
import { pythonThat } from './command';
import { type FakeSidecar, fakeSidecar, newSocket } from './fakeSidecar';

const open: FakeSidecar[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(sidecar => sidecar.close()));
});

async function sidecarThat(options: Parameters<typeof fakeSidecar>[0] = {}): Promise<FakeSidecar> {
  const sidecar = await fakeSidecar(options);
  open.push(sidecar);
  return sidecar;
}

const never = (): Promise<string> => Promise.reject(new Error('nothing is to be started'));

async function bodyOf(chunks: AsyncIterable<string>): Promise<string> {
  let body = '';
  for await (const chunk of chunks) {
    body += chunk;
  }
  return body;
}

describe('socketTransport', () => {
  it('carries method, path, body and status, and text beyond ASCII', async () => {
    const sidecar = await sidecarThat({ reply: ({ body }) => ({ json: body }) });
    const transport = socketTransport({ socket: sidecar.socket, start: never });
    const body = JSON.stringify({ text: 'größe 日本 🎉'.repeat(20_000) });
    const answer = await transport({ method: 'PUT', path: '/api/jobs/x', body });
    expect(answer.status).toBe(200);
    // Not toBe: it would print both, in full.
    expect((await bodyOf(answer.chunks)) === body).toBe(true);
    expect(sidecar.asked()).toEqual(['PUT /api/jobs/x']);
  });

  it('starts a sidecar where none is known or none listens, and stays with it', async () => {
    const sidecar = await sidecarThat();
    for (const socket of [null, newSocket()]) {
      let started = 0;
      const start = (): Promise<string> => Promise.resolve(((started += 1), sidecar.socket));
      const transport = socketTransport({ socket, start, pauses: [1, 1] });
      await transport({ method: 'DELETE', path: '/api/jobs/x' });
      await transport({ method: 'GET', path: '/api/jobs' });
      expect(started).toBe(1);
    }
  });

  it('gives up after its last pause', async () => {
    const start = (): Promise<string> => Promise.resolve(newSocket());
    const asking = socketTransport({ socket: null, start, pauses: [1, 1, 1] })({
      method: 'GET',
      path: '/api/jobs'
    });
    await expect(asking).rejects.toBeInstanceOf(NoAnswer);
  });

  it.each([
    ['GET', 3],
    ['PUT', 3],
    ['POST', 3],
    ['DELETE', 1]
  ] as const)('sends %s %d times when the connection breaks', async (method, times) => {
    const sidecar = await sidecarThat({ reply: () => 'cut' });
    const transport = socketTransport({ socket: sidecar.socket, start: never, pauses: [1, 1] });
    await expect(transport({ method, path: '/api/jobs/x' })).rejects.toBeInstanceOf(NoAnswer);
    expect(sidecar.calls).toHaveLength(times);
  });

  it('hands a stream over as it comes, and tells when it breaks', async () => {
    const sidecar = await sidecarThat();
    const transport = socketTransport({ socket: sidecar.socket, start: never });
    const { chunks } = await transport({ method: 'GET', path: '/api/events?view=x' });
    const stream = chunks[Symbol.asyncIterator]();
    expect((await stream.next()).value).toContain('"type":"jobs"');
    sidecar.cutStreams();
    await expect(stream.next()).rejects.toBeInstanceOf(NoAnswer);
  });

  it('closes a stream that its reader leaves', async () => {
    const sidecar = await sidecarThat();
    const transport = socketTransport({ socket: sidecar.socket, start: never });
    const { chunks } = await transport({ method: 'GET', path: '/api/events' });
    for await (const _ of chunks) {
      break;
    }
    await expect.poll(() => sidecar.streams()).toBe(0);
  });
});

describe('startSidecar', () => {
  it('gives the socket that Python prints', async () => {
    const python = pythonThat('[ "$*" = "-m jupyterlab_submit.sidecar" ] && echo /run/s.sock');
    expect(await startSidecar(python)).toBe('/run/s.sock');
  });

  it('fails in Python’s words', async () => {
    const python = pythonThat('echo "Set JUPYTER_RUNTIME_DIR." >&2; exit 1');
    await expect(startSidecar(python)).rejects.toMatchObject({
      message: 'Set JUPYTER_RUNTIME_DIR.',
      isFinal: true
    });
  });

  it('says so when there is no such Python', async () => {
    const missing = `${makeTemp()}/python`;
    expect(existsSync(missing)).toBe(false);
    await expect(startSidecar(missing)).rejects.toThrow('ENOENT');
  });
});
