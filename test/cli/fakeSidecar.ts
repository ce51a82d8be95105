import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { type JobEvent, formatEvent } from '../../src/api/events';
import type { JobRecord } from '../../src/api/job';
import type { ClusterCheck } from '../../src/api/clusterCheck';
import type { Problem } from '../../src/api/problem';
import { PROTOCOL } from '../../src/api/protocol';
import type { Question } from '../../src/api/question';
import { STATUS } from '../../src/sidecar/http/httpStatus';
import type { ClustersAnswer } from '../../src/api/routes';
import { jobRecord } from '../api/jobRecord';
import { makeTemp } from '../makeTemp';

/** One request that reached the sidecar. */
export interface Call {
  method: string;
  /** With its query. */
  path: string;
  body: unknown;
}

/** What to do with a request: answer it, refuse it, cut the connection, or leave it to what the sidecar does. */
export type Reply = { json: unknown } | { problem: Problem } | 'cut' | undefined;

/** A sidecar for tests: an HTTP server on a Unix socket in this process, whose jobs go as a test says. */
export interface FakeSidecar {
  socket: string;
  calls: Call[];
  /** `METHOD path` of all calls. */
  asked(): string[];
  jobs: JobRecord[];
  /** Changes a job, and tells it. */
  change(id: string, change: Partial<JobRecord>): void;
  /** How many streams of events are open. */
  streams(): number;
  cutStreams(): void;
  /** What logins ask from now on. */
  ask(questions: Question[]): void;
  close(): Promise<void>;
}

/** Where a socket can be. */
export function newSocket(): string {
  return path.join(makeTemp(), 's.sock');
}

export async function fakeSidecar({
  jobs = [],
  reply = () => undefined,
  onSubmit = () => undefined,
  socket = newSocket()
}: {
  jobs?: JobRecord[];
  reply?: (call: Call, sidecar: FakeSidecar) => Reply | Promise<Reply>;
  /** What happens after a job was taken. */
  onSubmit?: (id: string, sidecar: FakeSidecar) => void;
  socket?: string;
} = {}): Promise<FakeSidecar> {
  const streams = new Set<ServerResponse>();
  const tell = (event: JobEvent): void =>
    streams.forEach(stream => stream.write(formatEvent(event)));
  const sidecar: FakeSidecar = {
    socket,
    calls: [],
    asked: () => sidecar.calls.map(call => `${call.method} ${call.path}`),
    jobs: [...jobs],
    change: (id, change) => {
      sidecar.jobs = sidecar.jobs.map(job => (job.id === id ? { ...job, ...change } : job));
      tell({ type: 'job', job: known(id) });
    },
    streams: () => streams.size,
    ask: questions => tell({ type: 'questions', questions }),
    cutStreams: () => streams.forEach(stream => stream.destroy()),
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
  const known = (id: string): JobRecord => {
    const found = sidecar.jobs.find(job => job.id === id);
    if (!found) {
      throw new Error(`the test has no job ${id}`);
    }
    return found;
  };

  const answer = (call: Call, response: ServerResponse): void => {
    const [route = ''] = call.path.split('?');
    const [, id = ''] = /^\/api\/jobs\/([a-z0-9]+)/.exec(route) ?? [];
    if (route === '/api/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      response.write(formatEvent({ type: 'jobs', jobs: sidecar.jobs }));
      streams.add(response);
      response.once('close', () => streams.delete(response));
    } else if (route === '/api/ping') {
      json(response, { name: 'jupyterlab-submit', version: '1.2.3', protocol: PROTOCOL, pid: 1 });
    } else if (route.startsWith('/api/questions/')) {
      json(response, {});
    } else if (route === '/api/jobs') {
      json(response, { jobs: sidecar.jobs });
    } else if (call.method === 'PUT') {
      if (!sidecar.jobs.some(job => job.id === id)) {
        sidecar.jobs = [jobRecord({ id }), ...sidecar.jobs];
      }
      json(response, { job: known(id) }, 201);
      onSubmit(id, sidecar);
    } else if (route === '/api/clusters') {
      json(response, CLUSTERS);
    } else if (route === '/api/clusters/check') {
      json(response, CLUSTER_CHECK);
    } else if (route === '/api/check') {
      json(response, CHECK);
    } else if (call.method === 'DELETE') {
      json(response, { id });
    } else if (route === `/api/jobs/${id}/files`) {
      json(response, { files: [], next: null });
    } else {
      json(response, { job: known(id) });
    }
  };

  const server = createServer((request, response) => {
    void (async () => {
      const call = await read(request);
      sidecar.calls.push(call);
      const wanted = await reply(call, sidecar);
      if (wanted === 'cut') {
        request.socket.destroy();
      } else if (wanted === undefined) {
        answer(call, response);
      } else if ('problem' in wanted) {
        json(response, wanted.problem, STATUS[wanted.problem.code]);
      } else {
        json(response, wanted.json);
      }
    })();
  });
  await new Promise<void>(resolve => server.listen(socket, resolve));
  return sidecar;
}

/** What a check answers, unless a test says otherwise. */
export const CHECK = {
  spec: jobRecord().spec,
  cluster: jobRecord().cluster,
  script: '#!/usr/bin/env bash\necho "the whole script"\n',
  files: [
    { path: 'model.py', bytes: 1200, why: 'import' },
    { path: 'data/größe.csv', bytes: 12_000_000, why: 'literal' }
  ],
  notTaken: [{ literal: '../big.h5', cell: 3 }],
  skipped: [{ cell: null, file: null, named: 'raw' }],
  engines: 4,
  mpi: false,
  profile: null,
  notes: []
};

/** The clusters that can be chosen, unless a test says otherwise. */
export const CLUSTERS: ClustersAnswer = {
  clusters: [
    {
      name: 'local',
      title: 'This machine',
      host: null,
      cluster: jobRecord().cluster,
      problem: null,
      defaults: { cores: 2, time: '1h' },
      fields: ['notebook', 'cluster', 'cores', 'time'],
      profile: null,
      siteProblem: null,
      cores: 8
    }
  ],
  problem: null
};

/** What the check of a cluster answers, unless a test says otherwise. */
export const CLUSTER_CHECK: ClusterCheck = {
  name: 'hpc',
  title: 'Our HPC',
  scheduler: 'slurm',
  parts: [
    { what: 'reachable', values: { host: 'login1' }, problem: null },
    { what: 'scheduler', values: { version: '23.02.6' }, problem: null },
    { what: 'queues', values: {}, problem: null },
    { what: 'accounts', values: {}, problem: null },
    { what: 'base-folder', values: { folder: '/scratch/ada', freeBytes: 3.2e12 }, problem: null },
    { what: 'environment', values: { lines: 2 }, problem: null },
    { what: 'python', values: { python: '/env/bin/python', version: '3.11.7' }, problem: null },
    { what: 'packages', values: { packages: 'nbclient 0.10.2, ipykernel 6.29.5' }, problem: null }
  ],
  queues: [
    { name: 'main', isDefault: true, limitSeconds: 86_400, isUsable: true },
    { name: 'free', isDefault: false, limitSeconds: null, isUsable: true },
    { name: 'old', isDefault: false, limitSeconds: 60, isUsable: false }
  ],
  accounts: [
    { name: 'physics', notIn: [], qos: ['normal', 'high'], defaultQos: 'normal' },
    { name: 'biology', notIn: ['free'], qos: [], defaultQos: null }
  ],
  qos: [
    { name: 'normal', notIn: [] },
    { name: 'high', notIn: [] }
  ]
};

async function read(request: IncomingMessage): Promise<Call> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += String(chunk);
  }
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    body: text === '' ? null : JSON.parse(text)
  };
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
}
