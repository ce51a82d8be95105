import { describe, expect, it } from 'vitest';
import { Client } from '../../src/api/client';
import { serverTransport } from '../../src/lab/transport';
import { jobRecord } from '../api/jobRecord';
import { FakeServer, json, problemAnswer } from './fakeServer';
import { problemOf } from './problemOf';

describe('serverTransport', () => {
  it.each<[string, string, (client: Client) => Promise<unknown>, Response, object]>([
    [
      'a look at the list is no activity',
      'GET jobs',
      client => client.jobs(),
      json({ jobs: [] }),
      { method: 'GET', path: 'api/jobs?no_track_activity=1', body: '' }
    ],
    [
      'nor is a look at a log',
      'GET jobs/ID/log',
      client => client.log('k3v9x2ab', 'job', 0),
      json({ text: '', next: 0, size: 0 }),
      { method: 'GET', path: 'api/jobs/k3v9x2ab/log?name=job&from=0&no_track_activity=1' }
    ],
    [
      'what a person does is, and is sent as JSON',
      'PUT jobs/ID',
      client => client.submit('k3v9x2ab', { cores: 4 }),
      json({ job: jobRecord() }, 201),
      {
        method: 'PUT',
        path: 'api/jobs/k3v9x2ab',
        body: '{"form":{"cores":4}}',
        contentType: 'application/json'
      }
    ]
  ])('%s', async (_, route, call, answer, expected) => {
    const server = new FakeServer();
    server.on(route, () => answer);
    await call(new Client(serverTransport(server.settings)));
    expect(server.asked).toMatchObject([expected]);
  });

  it.each<[string, () => Response, object]>([
    [
      'a problem of the service stays what it is',
      () => problemAnswer('no-such-job', { id: 'k3v9x2ab' }, 404),
      { code: 'no-such-job', values: { id: 'k3v9x2ab' } }
    ],
    [
      'Jupyter wants a login',
      () => json({ message: 'Forbidden', reason: null }, 403),
      {
        code: 'server-refused',
        values: { status: 403 },
        details: { output: '{"message":"Forbidden","reason":null}' }
      }
    ],
    [
      'Jupyter has no such extension',
      () => json({ message: 'Not found' }, 404),
      { code: 'server-refused', values: { status: 404 } }
    ],
    [
      'a proxy has lost the server',
      () => new Response(`<html>${'x'.repeat(5000)}</html>`, { status: 502 }),
      {
        code: 'server-refused',
        values: { status: 502 },
        details: { output: `<html>${'x'.repeat(1994)}` }
      }
    ],
    [
      'nothing is said',
      () => new Response(null, { status: 500 }),
      { code: 'server-refused', values: { status: 500 }, details: { output: '' } }
    ],
    ['a good answer that is no JSON', () => json('hello'), { code: 'answer-unreadable' }]
  ])('%s', async (_, answer, expected) => {
    const server = new FakeServer();
    server.on('GET jobs/ID', answer);
    const client = new Client(serverTransport(server.settings));
    expect(await problemOf(client.job('k3v9x2ab'))).toMatchObject(expected);
  });

  it('tells a page to log in at from an answer', async () => {
    const server = new FakeServer();
    server.on('GET jobs', () => {
      const page = new Response('<form>', { headers: { 'Content-Type': 'text/html' } });
      Object.defineProperty(page, 'redirected', { value: true });
      return page;
    });
    const client = new Client(serverTransport(server.settings));
    expect(await problemOf(client.jobs())).toMatchObject({
      code: 'server-refused',
      details: { output: '<form>' }
    });
  });

  it('says when no answer comes at all', async () => {
    const client = new Client(serverTransport(new FakeServer().settings));
    expect(await problemOf(client.jobs())).toMatchObject({
      code: 'server-silent',
      details: { output: 'Failed to fetch' }
    });
  });

  it('says when an answer breaks off', async () => {
    const server = new FakeServer();
    server.onEvents(() => [{ type: 'jobs', jobs: [] }]);
    const events = new Client(serverTransport(server.settings)).events();
    await events.next();
    server.streams[0]?.breakOff();
    expect(await problemOf(events.next())).toMatchObject({ code: 'server-silent' });
  });

  it('ends the request when its reader leaves', async () => {
    const server = new FakeServer();
    server.onEvents(() => [{ type: 'jobs', jobs: [] }]);
    for await (const event of new Client(serverTransport(server.settings)).events('k3v9x2ab')) {
      expect(event).toEqual({ type: 'jobs', jobs: [] });
      break;
    }
    expect(server.open).toHaveLength(0);
    expect(server.asked[0]?.path).toBe('api/events?view=k3v9x2ab&no_track_activity=1');
  });

  it.each(['before', 'after'])('ends the request when its signal is aborted %s it', async when => {
    const server = new FakeServer();
    server.onEvents(() => [{ type: 'jobs', jobs: [] }]);
    const leaving = new AbortController();
    if (when === 'before') {
      leaving.abort();
    }
    const events = new Client(serverTransport(server.settings, leaving.signal)).events();
    const first = events.next();
    if (when === 'after') {
      await first;
    }
    const second = when === 'after' ? events.next() : first;
    leaving.abort();
    expect(await problemOf(second)).toMatchObject({ code: 'server-silent' });
    expect(server.open).toHaveLength(0);
  });
});
