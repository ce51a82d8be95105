import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ClusterCheck, checkProblems } from '../../src/api/clusterCheck';
import { makeTemp } from '../makeTemp';
import { clusterBench } from './clusterBench';
import { sessions, skippedFor, whyNoAccounting } from './testCluster';

const reason = whyNoAccounting();
const SITE_FILE = path.join(makeTemp(), 'site.json');

describe.skipIf(reason !== null)(`a site that tells accounts${skippedFor(reason)}`, () => {
  const made = clusterBench(__filename, reason, {
    start: ['--accounting'],
    overSsh: true,
    siteFile: SITE_FILE
  });

  beforeAll(() => chmodSync(path.dirname(SITE_FILE), 0o755));

  /** Checks a host that has not been asked before, so that it is asked for the file of its site. */
  async function check(host: string, accountsCommand: string): Promise<ClusterCheck> {
    writeFileSync(SITE_FILE, JSON.stringify({ name: 'example', accountsCommand }));
    return made().client.checkCluster({ cluster: host, python: made().cluster.python });
  }

  const warningOf = ({ parts }: ClusterCheck) =>
    parts.find(({ what }) => what === 'accounts')?.warning ?? null;

  const list = `printf 'physics  1,200 of 5,000 core hours left\\r\\nphys-001 until May\\n'`;
  const physics = {
    name: 'physics',
    notIn: [],
    qos: ['normal', 'refusing', 'waiting'],
    defaultQos: null
  };

  test.each(['slurm', 'slurm-printing', 'slurm-tcsh', 'slurm-zsh', 'slurm-login-path'])(
    'has them told by %s, beside what Slurm knows of them',
    async host => {
      const found = await check(host, list);
      expect(checkProblems(found)).toEqual([]);
      expect(found.parts[1]?.values).toMatchObject({ title: 'example', origin: 'cluster' });
      expect(found.accounts).toEqual([
        { ...physics, words: '1,200 of 5,000 core hours left' },
        { name: 'phys-001', notIn: [], qos: [], defaultQos: null, words: 'until May' }
      ]);
      expect(warningOf(found)).toBeNull();
    },
    60_000
  );

  test('asks nothing more of the host', async () => {
    const { client, cluster } = made();
    await client.checkCluster({ cluster: 'slurm' });
    const before = sessions(cluster);
    await client.checkCluster({ cluster: 'slurm' });
    expect(sessions(cluster) - before).toBe(1);
  }, 60_000);

  test('whose command hangs costs what is not told', async () => {
    const found = await check('slurm-no-sftp', 'echo phys-001; echo asking >&2; sleep 300');
    expect(checkProblems(found)).toEqual([]);
    expect(found.accounts).toEqual([physics]);
    expect(warningOf(found)).toMatchObject({
      code: 'accounts-slow',
      values: { seconds: 10, said: 'asking' }
    });
    expect(found.parts.at(-1)).toMatchObject({ what: 'packages', problem: null });
  }, 90_000);

  test('whose command fails is told with what it says', async () => {
    const command = 'echo phys-001; echo "saldo: no database" >&2; exit 3';
    const found = await check('slurm-fish', command);
    expect(checkProblems(found)).toEqual([]);
    expect(found.accounts).toEqual([physics]);
    expect(warningOf(found)).toMatchObject({
      code: 'accounts-failed',
      values: { command, status: 3, said: 'saldo: no database' }
    });
  }, 60_000);
});
