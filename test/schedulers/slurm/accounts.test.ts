import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Limits } from '../../../src/schedulers/scheduler';
import { slurm } from '../../../src/schedulers/slurm/slurm';

/** What is read of these associations, with partitions of these options, in a version. */
function told(
  associations: readonly string[],
  partitions: Record<string, string> = {},
  version = '22.05.8'
): Required<Limits> {
  const lines = [
    `slurm ${version}`,
    ...associations.map(line => `association ${line}`),
    'associations told',
    ...Object.entries(partitions).map(
      ([name, options]) => `PartitionName=${name} ${options} State=UP TotalCPUs=4`
    )
  ];
  const found = slurm.limits?.parse(`${lines.join('\n')}\n`);
  if (found === undefined) {
    throw new Error('Slurm has limits');
  }
  return { accounts: [], qos: [], ...found };
}

const MINE = ['physics||high,normal|normal', 'chemistry|gpu|normal|'];

describe("a person's accounts", () => {
  it('are those of the associations, each with its QoS', () => {
    expect(told(MINE)).toMatchObject({
      accounts: [
        { name: 'physics', notIn: [], qos: ['high', 'normal'], defaultQos: 'normal' },
        { name: 'chemistry', notIn: [], qos: ['normal'], defaultQos: null }
      ],
      qos: [
        { name: 'high', notIn: [] },
        { name: 'normal', notIn: [] }
      ]
    });
  });

  it('of one partition are not taken in the others, unless another association is for all', () => {
    const partitions = { main: 'AllowAccounts=ALL', gpu: 'AllowAccounts=ALL' };
    expect(told(MINE, partitions).accounts.map(({ notIn }) => notIn)).toEqual([[], ['main']]);
    expect(told([...MINE, 'chemistry||high|'], partitions).accounts[1]).toMatchObject({
      notIn: [],
      qos: ['normal', 'high']
    });
  });

  it('are not taken where a partition denies them', () => {
    const { accounts, queues } = told(MINE, { main: 'DenyAccounts=biology,physics', gpu: '' });
    expect(accounts.map(({ notIn }) => notIn)).toEqual([['main'], ['main']]);
    expect(queues).toMatchObject([
      { name: 'main', isUsable: false },
      { name: 'gpu', isUsable: true }
    ]);
  });

  it.each([
    ['20.11.9', ['main']],
    ['22.05.8', ['main']],
    // A partition that takes an account takes those below it, too.
    ['23.02.0', []],
    ['25.05.3', []],
    ['wlm', []]
  ])('in Slurm %s, where a partition takes others: not in %j', (version, notIn) => {
    const { accounts } = told(['physics||normal|'], { main: 'AllowAccounts=natural' }, version);
    expect(accounts).toMatchObject([{ name: 'physics', notIn }]);
  });

  it('may name QoS that a partition does not take', () => {
    const partitions = {
      main: 'AllowQos=normal,long',
      short: 'DenyQos=normal',
      all: 'AllowQos=ALL'
    };
    expect(told(MINE, partitions, '25.05.3').qos).toEqual([
      { name: 'high', notIn: ['main'] },
      { name: 'normal', notIn: ['short'] }
    ]);
  });

  it.each([
    [[]],
    [['sacctmgr: error: something']],
    [['physics|normal']],
    [['|main|normal|normal']],
    [['a b||normal|normal']],
    [[`${'x'.repeat(129)}||normal|normal`]]
  ])('are none where nothing tells: %j', lines => {
    expect(told(lines)).toMatchObject({ accounts: [], qos: [] });
  });

  it('are not known until all were told', () => {
    const said = 'slurm 22.05.8\nassociation physics||normal|normal\n';
    expect(slurm.limits?.parse(said)).toMatchObject({ accounts: [], qos: [] });
  });

  it('are no more than anybody chooses from', () => {
    const many = Array.from({ length: 3000 }, (_, index) => `a${index}||q${index},r${index}|`);
    const { accounts, qos } = told(many);
    expect([accounts.length, qos.length]).toEqual([200, 200]);
  });
});

/** What the question prints where these are the programs. */
function asked(programs: Record<string, string>): { said: string; status: number } {
  const [bash = '', ...argv] = slurm.limits?.argv ?? [];
  const fakes = Object.entries({
    sbatch: 'echo slurm 22.05.8',
    scontrol: `case $* in *config*) echo 'ClusterName             = ci';; *) echo 'PartitionName=main State=UP TotalCPUs=4';; esac`,
    ...programs
  }).map(([name, body]) => `${name}() { ${body}; }; export -f ${name};`);
  const script = `timeout() { shift; "$@"; }; export -f timeout; ${fakes.join(' ')} "$@"; echo "status $?"`;
  const said = execFileSync('bash', ['-c', script, 'test', bash, ...argv], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore']
  });
  return { said, status: Number(/^status (\d+)$/m.exec(said)?.[1]) };
}

describe('the question', () => {
  it("asks for this person's associations with this cluster", () => {
    const { said, status } = asked({ sacctmgr: 'echo "$*"' });
    expect(status).toBe(0);
    expect(said).toMatch(/^association .* user=\S+ cluster=ci format=account,partition,qos,/m);
    expect(slurm.limits?.parse(said).queues).toMatchObject([{ name: 'main' }]);
  });

  it.each([
    ['there is no accounting', 'echo "You are not running a supported accounting" >&2; return 1'],
    ['the program is not there', 'return 127']
  ])('has its answer where %s', (_, sacctmgr) => {
    const { said, status } = asked({ sacctmgr });
    expect(status).toBe(0);
    expect(slurm.limits?.parse(said)).toMatchObject({
      version: '22.05.8',
      queues: [{ name: 'main', isUsable: true }],
      accounts: []
    });
  });

  it('fails with the partitions, and does not wait for the accounting then', () => {
    const scontrol = 'echo "slurm_load_partitions: Unable to contact slurm controller"; return 1';
    expect(asked({ scontrol, sacctmgr: 'sleep 60' }).status).toBe(1);
  }, 5000);
});
