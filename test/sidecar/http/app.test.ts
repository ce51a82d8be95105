import { once } from 'node:events';
import { type Server, createServer, request } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Client } from '../../../src/api/client';
import { PROTOCOL } from '../../../src/api/protocol';
import type { ProblemCode } from '../../../src/api/problem';
import type { Round } from '../../../src/api/question';
import { filesLeft, withFiles } from '../../../src/api/resultFiles';
import { socketTransport } from '../../../src/cli/transport';
import { makeApp } from '../../../src/sidecar/http/app';
import { STATUS } from '../../../src/sidecar/http/httpStatus';
import { systemClock } from '../../../src/sidecar/process/clock';
import { Idle } from '../../../src/sidecar/lifecycle/idle';
import { Jobs } from '../../../src/sidecar/records/jobs';
import { Life } from '../../../src/sidecar/lifecycle/life';
import { Viewers } from '../../../src/sidecar/watching/viewers';
import { changedStore } from '../makeContext';
import { TrickyRemote } from '../trickyRemote';
import { type Workbench, addJob, makeWorkbench } from '../workbench';

let remote: TrickyRemote;
let bench: Workbench;
let life: Life;
let viewers: Viewers;
let server: Server;
let socket: string;
let client: Client;
const quit = vi.fn<() => void>();
beforeEach(async () => {
  remote = new TrickyRemote();
  bench = makeWorkbench({ remote });
  viewers = new Viewers();
  life = new Life(bench.context, viewers);
  const idle = new Idle(bench.context.jobs, viewers, systemClock, 600);
  const { context } = bench;
  server = createServer(makeApp({ context, life, viewers, idle, quit }));
  socket = path.join(bench.home, 's.sock');
  server.listen(socket);
  await once(server, 'listening');
  client = new Client(socketTransport({ socket, start: () => Promise.resolve(socket) }), {
    python: '/usr/bin/env'
  });
});
afterEach(async () => {
  bench.stop();
  server.closeAllConnections();
  server.close();
  await life.rest();
});

interface RawAnswer {
  status: number;
  type: string;
  text: string;
}

function ask(method: string, url: string, body?: string, type = 'application/json') {
  return new Promise<RawAnswer>((resolve, reject) => {
    const asked = request({ socketPath: socket, method, path: url, agent: false }, response => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers['content-type'] ?? '',
          text
        })
      );
    });
    asked.once('error', reject);
    if (body !== undefined) {
      asked.setHeader('Content-Type', type);
    }
    asked.end(body);
  });
}

function submission(form: object): string {
  const notebook = path.join(bench.project, 'nb.ipynb');
  return JSON.stringify({
    form: { notebook, cores: 1, time: '10m', ...form },
    caller: { python: '/usr/bin/env' }
  });
}

const ID = 'k3v9x2ab';

test.each<[string, string, string | undefined, ProblemCode]>([
  ['GET', '/', undefined, 'no-such-route'],
  ['GET', '/api/nothing', undefined, 'no-such-route'],
  ['POST', '/api/jobs', '{}', 'no-such-route'],
  // One path is one route, to whoever looks at it on the way.
  ['POST', '/api/Check', '{}', 'no-such-route'],
  ['POST', '/api/check/', '{}', 'no-such-route'],
  ['GET', '/API/jobs', undefined, 'no-such-route'],
  ['POST', '/api/check', '{"form": ', 'invalid-request'],
  ['POST', '/api/check', 'null', 'invalid-request'],
  ['POST', '/api/check', '{}', 'invalid-request'],
  ['POST', '/api/check', '{"form": {}, "caller": {"python": 5}}', 'invalid-request'],
  ['POST', '/api/check', '{"form": {}, "caller": {"python": "/p"}, "more": 1}', 'invalid-request'],
  ['POST', '/api/check', undefined, 'invalid-request'],
  ['POST', '/api/check', '{"form": {}, "caller": {"python": "/p"}}', 'invalid-fields'],
  ['PUT', `/api/jobs/${ID}`, '{"form": {}, "caller": {"python": "/p"}}', 'invalid-fields'],
  ['POST', '/api/clusters', '{}', 'invalid-request'],
  ['GET', '/api/clusters', undefined, 'no-such-route'],
  ['PUT', '/api/jobs/K3V9X2AB', '{}', 'invalid-request'],
  ['PUT', '/api/jobs/9starts1', '{}', 'invalid-request'],
  ['GET', '/api/jobs/short', undefined, 'invalid-request'],
  ['GET', '/api/jobs/%E0%A4%A', undefined, 'invalid-request'],
  ['GET', `/api/jobs/${ID}`, undefined, 'no-such-job'],
  ['DELETE', `/api/jobs/${ID}`, undefined, 'no-such-job'],
  ['POST', `/api/jobs/${ID}/cancel`, '{}', 'no-such-job'],
  ['POST', `/api/jobs/${ID}/refresh`, '{}', 'no-such-job'],
  ['POST', `/api/jobs/${ID}/fetch`, '{}', 'no-such-job'],
  ['GET', `/api/jobs/${ID}/files`, undefined, 'no-such-job'],
  ['GET', `/api/jobs/${ID}/files?of=there`, undefined, 'invalid-request'],
  ['GET', `/api/jobs/${ID}/files?from=-1`, undefined, 'invalid-request'],
  ['GET', `/api/jobs/${ID}/files?limit=1001`, undefined, 'invalid-request'],
  ['GET', `/api/jobs/${ID}/files?limit=0`, undefined, 'invalid-request'],
  ['GET', `/api/jobs/${ID}/script`, undefined, 'no-such-job'],
  ['GET', `/api/jobs/${ID}/log`, undefined, 'no-such-job'],
  ['GET', '/api/events?view=no', undefined, 'invalid-request']
])('%s %s with %s is the problem %s', async (method, url, body, code) => {
  const answer = await ask(method, url, body);
  expect(JSON.parse(answer.text)).toMatchObject({ code, status: STATUS[code] });
  expect(answer.status).toBe(STATUS[code]);
  expect(answer.type).toMatch(/^application\/problem\+json/);
});

test.each<[string, string, string | undefined, ProblemCode]>([
  ['DELETE', '', undefined, 'job-active'],
  ['POST', '/fetch', '{}', 'job-not-over'],
  ['POST', '/fetch', '{"place": 5}', 'invalid-request'],
  ['GET', '/log?name=job', undefined, 'no-such-log'],
  ['GET', '/log?name=passwd', undefined, 'invalid-request'],
  ['GET', '/log?from=-1', undefined, 'invalid-request'],
  ['GET', '/log?from=1e9', undefined, 'invalid-request']
])('%s of an active job%s with %s is the problem %s', async (method, url, body, code) => {
  await addJob(bench, ID);
  const answer = await ask(method, `/api/jobs/${ID}${url}`, body);
  expect(JSON.parse(answer.text)).toMatchObject({ code });
  expect(answer.status).toBe(STATUS[code]);
});

test.each<[string, string, ProblemCode]>([
  ['/cancel', '{}', 'job-over'],
  ['/fetch', '{}', 'nothing-to-fetch'],
  ['/fetch', '{"place": "relative"}', 'place-invalid'],
  ['/fetch', '{"place": "/a\\u0000b"}', 'place-invalid']
])('a job that is over answers %s with %s by the problem %s', async (url, body, code) => {
  await addJob(bench, ID);
  const { result } = bench.context.jobs.get(ID);
  bench.context.jobs.update(ID, {
    state: 'failed',
    submittedAt: 5,
    result: { ...result, place: code === 'place-invalid' ? 'kept' : 'none' }
  });
  const answer = await ask('POST', `/api/jobs/${ID}${url}`, body);
  expect(JSON.parse(answer.text)).toMatchObject({ code });
});

test('a body that is no JSON, or no end of it, is refused', async () => {
  expect((await ask('POST', '/api/check', 'form=1', 'text/plain')).status).toBe(400);
  const long = JSON.stringify({ form: 'x'.repeat(21_000_000), caller: { python: '/p' } });
  const answer = await ask('POST', '/api/check', long).catch(() => null);
  expect(answer === null || answer.status === 400).toBe(true);
  expect(await client.ping()).toMatchObject({ name: 'jupyterlab-submit', pid: process.pid });
});

test('what goes wrong inside is a problem, with its reason', async () => {
  vi.spyOn(bench.context.jobs, 'list').mockImplementation(() => {
    throw new Error('what nobody thought of');
  });
  const answer = await ask('GET', '/api/jobs');
  expect(answer.status).toBe(500);
  expect(JSON.parse(answer.text)).toMatchObject({
    code: 'internal',
    details: { output: 'what nobody thought of' }
  });
});

test('a cluster that is not reached is the problem of whoever asks it', async () => {
  await addJob(bench, ID);
  remote.isDown = true;
  await expect(client.log(ID, 'job', 0)).rejects.toMatchObject({
    problem: { code: 'cluster-unreachable' }
  });
});

test('a form is checked without effects', async () => {
  const notebook = path.join(bench.project, 'nb.ipynb');
  const answer = await client.check({ cores: 2, time: '1h', notebook });
  expect(answer).toMatchObject({ engines: 0, spec: { timeSeconds: 3600 }, files: [] });
  expect(await client.jobs()).toEqual([]);
  expect(remote.scripts).toEqual([]);
  expect(await client.clusters()).toMatchObject({
    clusters: [{ name: 'local', cluster: { python: '/usr/bin/env' }, problem: null }],
    problem: null
  });
});

test('the same id is the same job, whatever comes with it', async () => {
  remote.isDown = true;
  const first = await ask('PUT', `/api/jobs/${ID}`, submission({}));
  const again = await ask('PUT', `/api/jobs/${ID}`, submission({ cores: 7 }));
  expect([first.status, again.status]).toEqual([201, 200]);
  expect(JSON.parse(again.text)).toMatchObject({ job: { id: ID, spec: { cores: 1 } } });
  expect(await client.jobs()).toHaveLength(1);
  expect(await client.script(ID)).toContain(`export JUPYTERLAB_SUBMIT_JOB=${ID}`);
});

test('a stream begins with all jobs, tells each change, and notes who looks at what', async () => {
  await addJob(bench, ID);
  const events = client.events(ID);
  expect((await events.next()).value).toMatchObject({ type: 'jobs', jobs: [{ id: ID }] });
  expect((await events.next()).value).toMatchObject({ type: 'questions' });
  expect(viewers.attention([ID])).toBe('close');
  expect(viewers.attention(['another1'])).toBe('list');
  bench.context.jobs.update(ID, { state: 'queued' });
  expect((await events.next()).value).toMatchObject({ type: 'job', job: { state: 'queued' } });
  bench.context.jobs.remove(ID);
  expect((await events.next()).value).toEqual({ type: 'removed', id: ID });
  await events.return(undefined);
  await vi.waitFor(() => expect(viewers.count).toBe(0));
  expect(viewers.attention([ID])).toBe('none');
});

test('the list and the stream say which protocol they speak, so that an older page knows', async () => {
  const list = await ask('GET', '/api/jobs');
  expect(JSON.parse(list.text)).toMatchObject({ protocol: PROTOCOL });
  const transport = socketTransport({ socket, start: () => Promise.resolve(socket) });
  const stream = await transport({ method: 'GET', path: '/api/events' });
  for await (const chunk of stream.chunks) {
    const [first = ''] = chunk.split('\n\n');
    expect(JSON.parse(first.replace('data: ', ''))).toMatchObject({
      type: 'jobs',
      protocol: PROTOCOL
    });
    break;
  }
});

test('streams end when the sidecar leaves', async () => {
  const events = client.events();
  await events.next();
  await events.next();
  bench.stop();
  expect((await events.next()).done).toBe(true);
});

test('quitting is answered before it is done', async () => {
  expect(await ask('POST', '/api/quit', '{"replacedBy": "9.9.9"}')).toMatchObject({ status: 200 });
  await sleep(20);
  expect(quit).toHaveBeenCalledTimes(1);
});

test('a record that cannot be read is named in the list and on the stream, and only forgotten on demand', async () => {
  const unreadable = "INSERT INTO jobs VALUES ('bbbbbbbb', 1, '{}')";
  const store = changedStore(bench.home, bench.store, unreadable);
  const { context } = bench;
  const jobs = new Jobs(store, context.log);
  const other = new Life({ ...context, jobs }, viewers);
  const idle = new Idle(jobs, viewers, systemClock, 600);
  server.removeAllListeners('request');
  server.on(
    'request',
    makeApp({ context: { ...context, jobs }, life: other, viewers, idle, quit })
  );
  expect(await client.list()).toEqual({
    jobs: [],
    unreadable: ['bbbbbbbb'],
    notices: [],
    questions: []
  });
  const events = client.events();
  expect((await events.next()).value).toMatchObject({ jobs: [], unreadable: ['bbbbbbbb'] });
  await events.return(undefined);
  for (const refused of [client.job('bbbbbbbb'), client.remove('bbbbbbbb')]) {
    await expect(refused).rejects.toMatchObject({ problem: { code: 'job-unreadable' } });
  }
  await client.remove('bbbbbbbb', { evenResult: true });
  expect(await client.list()).toEqual({ jobs: [], unreadable: [], notices: [], questions: [] });
  expect(remote.scripts).toEqual([]);
});

test('a wish for a job that is not there brings down nothing', async () => {
  const unhandled = vi.fn<(reason: unknown) => void>();
  process.on('unhandledRejection', unhandled);
  try {
    const failing = { ...bench.context, reach: () => Promise.reject(new Error('no way')) };
    server.removeAllListeners('request');
    const idle = new Idle(bench.context.jobs, viewers, systemClock, 600);
    server.on('request', makeApp({ context: failing, life, viewers, idle, quit }));
    const { id } = await addJob(bench, ID);
    bench.context.jobs.update(id, { state: 'cancelled', endedAt: systemClock.now() });
    await expect(client.cancel(id, { asks: true })).rejects.toMatchObject({
      problem: { code: 'job-over' }
    });
    await sleep(20);
    expect(unhandled).not.toHaveBeenCalled();
  } finally {
    process.off('unhandledRejection', unhandled);
  }
});

test('what a login asks is told to all who listen, and answered once', async () => {
  const { questions } = bench.context;
  const round: Round = {
    kind: 'prompts',
    asker: 'ada@hpc',
    name: '',
    instruction: 'One of:\n 1. Push',
    prompts: [{ text: 'Option: ', echo: true }],
    key: null,
    file: null,
    isRepeated: false,
    mayKeep: false,
    expires: Date.now() + 60_000
  };
  const streams = [client.events(), client.events()];
  for (const stream of streams) {
    expect((await stream.next()).value).toMatchObject({ type: 'jobs' });
    expect((await stream.next()).value).toEqual({ type: 'questions', questions: [] });
  }
  const asked = questions.askerFor('hpc').ask(round, new AbortController().signal);
  const told = await Promise.all(streams.map(stream => stream.next()));
  const [question] = (await client.list()).questions;
  expect(question).toMatchObject({ ...round, host: 'hpc' });
  expect(told.map(({ value }) => value as unknown)).toEqual(
    Array.from({ length: 2 }, () => ({ type: 'questions', questions: [question] }))
  );
  const id = question?.id ?? '';
  await expect(client.answer(id, [])).rejects.toMatchObject({
    problem: { code: 'invalid-request' }
  });
  await client.answer(id, ['1']);
  expect(await asked).toEqual(['1']);
  await expect(client.answer(id, ['1'])).rejects.toMatchObject({
    problem: { code: 'question-over' }
  });
  for (const stream of streams) {
    expect((await stream.next()).value).toEqual({ type: 'questions', questions: [] });
    await stream.return(undefined);
  }
});

test('the names of a result come in pages, and are all there in the end', async () => {
  const { id, result } = await addJob(bench);
  const come = Array.from({ length: 2500 }, (_, number) => ({ path: `f${number}`, bytes: 2 }));
  const left = [{ path: 'key', bytes: 1, reason: 'unreadable' as const }];
  const counted = { files: withFiles(result.files, come), left: filesLeft(left) };
  bench.context.jobs.update(id, { result: { ...result, ...counted } }, { come, left });
  expect(await client.files(id, 'here', { from: 998, limit: 3 })).toEqual({
    files: come.slice(998, 1001),
    next: 1001
  });
  const pages: number[] = [];
  const all: unknown[] = [];
  for await (const page of client.allFiles(id, 'here')) {
    pages.push(page.length);
    all.push(...page);
  }
  expect(pages).toEqual([1000, 1000, 500]);
  expect(all).toEqual(come);
  expect(await client.files(id, 'left')).toEqual({ files: left, next: null });
  expect(await client.files(id, 'left', { from: 1 })).toEqual({ files: [], next: null });
});

test('a reader of events that is far behind is cut off, and finds all as it is when it comes again', async () => {
  const { id } = await addJob(bench);
  const { jobs } = bench.context;
  const slow = connect(socket);
  slow.write('GET /api/events HTTP/1.1\r\nHost: sidecar\r\n\r\n');
  await vi.waitFor(() => expect(viewers.count).toBe(1));
  const bytes = JSON.stringify(jobs.get(id)).length;
  let told = 0;
  while (viewers.count > 0 && told < 50_000_000) {
    told += bytes;
    jobs.show(id, { contact: { seenAt: told, problem: null } });
    await sleep(0);
  }
  expect(viewers.count).toBe(0);
  // Its own limit, and what the system keeps for a socket.
  expect(told).toBeLessThan(5_000_000);
  slow.destroy();
  const events = client.events();
  const { value } = await events.next();
  expect(value).toMatchObject({ type: 'jobs', jobs: [{ id, contact: { seenAt: told } }] });
  await events.return(undefined);
});
