import { beforeEach, describe, expect, it } from 'vitest';
import { Client } from '../../../src/api/client';
import type { ClusterChoice } from '../../../src/api/routes';
import { ClustersModel } from '../../../src/lab/model/clustersModel';
import { serverTransport } from '../../../src/lab/transport';
import { jobRecord } from '../../api/jobRecord';
import { FakeServer, json } from '../fakeServer';
import { settled } from '../settled';

const choice: ClusterChoice = {
  name: 'local',
  title: 'This machine',
  host: null,
  cluster: jobRecord().cluster,
  problem: null,
  defaults: {},
  fields: ['cores'],
  profile: null,
  siteProblem: null,
  cores: 8
};
const wrong = { code: 'settings-invalid' as const, values: {} };

let server: FakeServer;
let clusters: ClustersModel;
let phases: string[];

beforeEach(() => {
  server = new FakeServer();
  server.on('POST clusters', () => json({ clusters: [choice], problem: null }));
  clusters = new ClustersModel(new Client(serverTransport(server.settings)));
  phases = [];
  clusters.changed.connect(() => void phases.push(clusters.phase));
});

describe('ClustersModel', () => {
  it('asks when somebody wants to know, once', async () => {
    await clusters.reload();
    expect(clusters).toMatchObject({ phase: 'idle', choices: [], problem: null });
    expect(server.asked).toEqual([]);
    await Promise.all([clusters.load(), clusters.load()]);
    await clusters.load();
    expect(server.asked).toMatchObject([{ path: 'api/clusters', body: '{}' }]);
    expect(clusters.choices).toEqual([choice]);
    expect(phases).toEqual(['loading', 'live']);
  });

  it('tells what is wrong with the settings as a whole', async () => {
    server.on('POST clusters', () => json({ clusters: [choice], problem: wrong }));
    await clusters.load();
    expect(clusters).toMatchObject({ phase: 'live', choices: [choice], problem: wrong });
  });

  it('keeps what it knew when the server is silent, and asks again when it is told to', async () => {
    await clusters.load();
    server.on('POST clusters', () => json({ message: 'Bad gateway' }, 502));
    await clusters.load(true);
    expect(clusters).toMatchObject({
      phase: 'offline',
      choices: [choice],
      problem: { code: 'server-refused' }
    });
    await clusters.load();
    expect(server.asked).toHaveLength(2);
    server.on('POST clusters', () => json({ clusters: [], problem: null }));
    await clusters.load(true);
    expect(clusters).toMatchObject({ phase: 'live', choices: [], problem: null });
  });

  it('asks again when the settings have changed, also while it asks', async () => {
    await clusters.load();
    await clusters.reload();
    expect(server.asked).toHaveLength(2);
    let resolve: (answer: Response) => void = () => undefined;
    const promise = new Promise<Response>(settle => (resolve = settle));
    server.on('POST clusters', () => promise);
    const loading = clusters.load(true);
    await settled();
    const reloading = clusters.reload();
    server.on('POST clusters', () => json({ clusters: [choice], problem: wrong }));
    resolve(json({ clusters: [], problem: null }));
    await Promise.all([loading, reloading]);
    expect(server.asked).toHaveLength(4);
    expect(clusters).toMatchObject({ phase: 'live', problem: wrong });
  });
});
