import { expect, test } from 'vitest';
import { checkProblems } from '../../src/api/clusterCheck';
import { notebook } from '../jobs/notebook';
import { clientAt } from '../jobs/sharedSidecar';
import { sourceFolder } from '../jobs/sourceFolder';
import { ranks } from './ranks';
import { startStandIn, whyNoStandIn } from './standIn';
import { wholeJobs } from './wholeJobs';

wholeJobs(
  {
    name: 'What stands for PBS Pro',
    prefix: 'pbsp',
    reason: whyNoStandIn(),
    start: () => startStandIn(__filename, 'pbspro'),
    spread: {
      form: { cores: 8, nodes: 4 },
      hosts: [
        ['gx1', 2],
        ['gx2', 2],
        ['gx3', 2],
        ['gx4', 2]
      ],
      log: 'said by a line'
    },
    eight: {},
    outside: { command: id => `qdel ${id}`, by: 'cluster' },
    list: 'qselect',
    homeless: null,
    isLikeAnother: false,
    held: { wait: 'held-by-you' },
    refused: [
      [{ queue: 'nope' }, 'queue'],
      [{ queue: 'down' }, 'queue-not-allowed'],
      [{ queue: 'others' }, 'not-allowed'],
      [{ queue: 'short', time: '2h' }, 'no-queue-fits'],
      [{ directives: ['-l nope=1'] }, 'directives']
    ],
    server: 'server'
  },
  made => {
    ranks(made, { mpich: { nodes: 4 }, openmpi: { nodes: 4 } });

    test.each([false, true])(
      'the accounts of its site are told, and no others are refused; in a login shell alone: %s',
      async isLoginShell => {
        const { bench, cluster } = made();
        const host = isLoginShell ? cluster.loginShellHost : cluster.host;
        const sites = [
          {
            name: 'example',
            hosts: ['127.0.0.1'],
            scheduler: 'pbspro',
            accountsCommand: `printf '%s 7 h left\\n' phys-001 "$USER"; command -v qsub >/dev/null`
          }
        ];
        const settings = { sites, clusters: [{ name: 'mine', host, python: cluster.python }] };
        const client = clientAt(bench.socket, bench.environment, settings);
        const found = await client.checkCluster({ cluster: 'mine' });
        expect(checkProblems(found)).toEqual([]);
        expect(found.accounts.map(({ name, words }) => [name, words])).toEqual([
          ['phys-001', '7 h left'],
          [expect.stringMatching(/./), '7 h left']
        ]);
        const { notebook: source } = sourceFolder({ 'some.ipynb': notebook('print(1)') });
        const id = isLoginShell ? 'pbspacc1' : 'pbspacc0';
        const form = { notebook: source, cluster: 'mine', cores: 1, time: '5m', account: 'other' };
        await client.submit(id, form);
        expect(await bench.end(id, 100)).toMatchObject({ state: 'succeeded' });
      },
      200_000
    );
  }
);
