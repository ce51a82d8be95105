import { afterEach, expect, it } from 'vitest';
import type { ClusterCheck } from '../../src/api/clusterCheck';
import { problem } from '../../src/api/problem';
import { type Ended, run } from './command';
import { CLUSTER_CHECK, type FakeSidecar, fakeSidecar } from './fakeSidecar';

const open: FakeSidecar[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(sidecar => sidecar.close()));
});

/** What a command says to such an answer, and what it asked for. */
async function said(
  argv: string[],
  answer: ClusterCheck,
  env: Record<string, string> = {}
): Promise<Ended & { asked: unknown[] }> {
  const sidecar = await fakeSidecar({
    reply: ({ path }) => (path === '/api/clusters/check' ? { json: answer } : undefined)
  });
  open.push(sidecar);
  const ended = await run(argv, { socket: sidecar.socket, env });
  return { ...ended, asked: sidecar.calls.map(({ body }) => body) };
}

const BROKEN: ClusterCheck = {
  ...CLUSTER_CHECK,
  parts: [
    ...CLUSTER_CHECK.parts.slice(0, 2),
    {
      what: 'packages',
      values: { packages: 'nbclient 0.10.2' },
      problem: problem(
        'packages-missing',
        { packages: 'ipyparallel', python: '/p', fix: '/p -m pip install ipyparallel' },
        { details: { output: 'line 1\nline \u001b[31m2' } }
      ).problem
    }
  ]
};

it('says what it found, a line for each part', async () => {
  const { exitCode, stderr, stdout } = await said(['check', 'hpc'], CLUSTER_CHECK);
  expect(stdout).toBe(`✓ Connection    login1
✓ Batch system  Slurm 23.02.6
✓ Queues        main (default, at most 1 day), free; not for your jobs now: old
✓ Accounts      physics (QoS normal, high), biology
✓ Base folder   /scratch/ada, 3.2 TB free
✓ Environment   2 lines
✓ Python        /env/bin/python, version 3.11.7
✓ Packages      nbclient 0.10.2, ipykernel 6.29.5
`);
  expect([exitCode, stderr]).toEqual([0, '']);
});

it('says what is wrong and what to do, and tells it by its exit code', async () => {
  const { exitCode, stdout } = await said(['check', 'hpc'], BROKEN);
  expect(stdout).toBe(`✓ Connection    login1
✓ Batch system  Slurm 23.02.6
✗ Packages      /p lacks ipyparallel.
                Install what is missing with this line there, then check again: /p -m pip install ipyparallel
                line 1
                line 2
`);
  expect(exitCode).toBe(1);
});

const WARNED: ClusterCheck = {
  ...CLUSTER_CHECK,
  parts: [
    ...CLUSTER_CHECK.parts.slice(0, 2),
    {
      what: 'accounts',
      values: {},
      problem: null,
      warning: problem('accounts-failed', {
        command: 'saldo -b | tail -n +2',
        status: 3,
        said: 'saldo: \u001b[31mno database'
      }).problem
    },
    { what: 'packages', values: { packages: 'nbclient 0.10.2' }, problem: null }
  ]
};

it('says of accounts what the site does, a line each', async () => {
  const accounts = CLUSTER_CHECK.accounts.map(account => ({
    ...account,
    words: '12 h\u001b[31m left'
  }));
  const parts = CLUSTER_CHECK.parts.slice(2, 4);
  const { stdout } = await said(['check', 'hpc'], { ...CLUSTER_CHECK, accounts, parts });
  expect(stdout).toBe(`✓ Queues    main (default, at most 1 day), free; not for your jobs now: old
✓ Accounts  physics (QoS normal, high): 12 h left
            biology: 12 h left
`);
});

it('warns of what keeps no job from running, and is content', async () => {
  const { exitCode, stdout } = await said(['check', 'hpc'], WARNED);
  expect(stdout).toBe(`✓ Connection    login1
✓ Batch system  Slurm 23.02.6
! Accounts      physics (QoS normal, high), biology
                The command of the site that lists accounts (saldo -b | tail -n +2) failed with status 3.
                It says "saldo: no database". Jobs run as without it: name your account yourself. Where this stays so, tell the help desk of the cluster.
✓ Packages      nbclient 0.10.2
`);
  expect(exitCode).toBe(0);
});

it('warns where there is nothing beside, without Unicode, too', async () => {
  const { stdout } = await said(['check', 'hpc'], { ...WARNED, accounts: [] }, { LANG: 'C' });
  expect(stdout).toContain('\n!  Accounts      The command of the site that lists accounts (saldo');
});

it('keeps its columns without Unicode', async () => {
  const { stdout } = await said(['check', 'hpc'], BROKEN, { LANG: 'C' });
  expect(stdout).toContain('ok Batch system  Slurm 23.02.6\nx  Packages      /p lacks');
});

it('prints JSON for programs, with the same exit code', async () => {
  const { exitCode, stdout } = await said(['check', 'hpc', '--json'], BROKEN);
  expect(JSON.parse(stdout)).toEqual(JSON.parse(JSON.stringify(BROKEN)));
  expect(exitCode).toBe(1);
});

it('asks about the cluster with what is given beside it', async () => {
  const argv = ['check', 'hpc', '--python', '/p', '--queue', 'q', '--environment', 'a'];
  const { asked } = await said([...argv, '--environment', 'b'], CLUSTER_CHECK);
  expect(asked).toMatchObject([
    { form: { cluster: 'hpc', python: '/p', queue: 'q', environment: ['a', 'b'] } }
  ]);
});

it('needs the name of a cluster', async () => {
  const { asked, exitCode, stderr } = await said(['check'], CLUSTER_CHECK);
  expect([exitCode, asked]).toEqual([2, []]);
  expect(stderr).toContain("missing required argument 'CLUSTER'");
});

it('says when there is no such cluster', async () => {
  const sidecar = await fakeSidecar({
    reply: () => ({ problem: problem('unknown-cluster', { cluster: 'gone' }).problem })
  });
  open.push(sidecar);
  const { exitCode, stderr } = await run(['check', 'gone'], { socket: sidecar.socket });
  expect(exitCode).toBe(2);
  expect(stderr).toContain('There is no cluster named gone.');
});
