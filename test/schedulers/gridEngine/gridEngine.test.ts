import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import type { Wait } from '../../../src/api/waiting';
import { gridEngine } from '../../../src/schedulers/gridEngine/gridEngine';
import { AGENT, LAUNCH } from '../../../src/schedulers/gridEngine/launch';
import { HOST, RANK } from '../../../src/schedulers/hostLaunch';
import { SUBMIT } from '../../../src/schedulers/gridEngine/submit';
import type { JobEnd, Launch, QueueEntry } from '../../../src/schedulers/scheduler';
import { makeTemp } from '../../makeTemp';
import { sealed } from '../../sealed';
import { batchJob } from '../batchJob';
import { schedulerSuite } from '../suite';

const DIRECTORY = '/home/ada/jobs/k3v9x2ab';
const submit = [
  'bash',
  '-c',
  SUBMIT,
  'submit',
  `${DIRECTORY}/script.sh`,
  `${DIRECTORY}/logs/job.log`
];
const always = (seconds: number): string[] => [
  '-N',
  'k3v9x2ab-decay',
  '-S',
  '/bin/bash',
  '-C',
  '',
  '-j',
  'y',
  '-r',
  'n',
  '-notify',
  '-l',
  `h_rt=${seconds}`,
  '-w',
  'e'
];

const launch = (coresPerEngine: number, mpi: Launch['mpi']): Launch => ({
  argv: ['bash', '-c', LAUNCH, 'launch', '{directory}', String(coresPerEngine)],
  rank: 'JUPYTERLAB_SUBMIT_RANK',
  nodes: {
    argv: ['bash', '-c', LAUNCH, 'launch', '{directory}', '0'],
    name: 'JUPYTERLAB_SUBMIT_HOST',
    engines: null,
    hosts: 'PE_HOSTFILE',
    cpus: null,
    bound: {},
    each: { rank: [], local: [], all: [], job: [] }
  },
  mpi
});
const MPIEXEC: Launch['mpi'] = {
  plugins: null,
  mpiexec: true,
  agent: { argv: ['bash', '-c', AGENT, 'agent', '{directory}'], hydra: false },
  own: null
};

const job = (
  schedulerId: string,
  jobId: string | null,
  state: QueueEntry['state'],
  reason: string | null = null,
  wait: Wait | null = null
): QueueEntry => ({ schedulerId, jobId, state, end: null, reason, wait, estimatedStart: null });

const end = (
  how: JobEnd['how'],
  status: number | null,
  signal: number | null,
  hasRun = true
): JobEnd => ({ how, hasRun, at: null, status, signal, by: null });

const DOWN =
  'error: commlib error: got select error (Connection refused)\nUnable to run job: unable to send message to qmaster using port 16444 on host "vm": got send error\nExiting.\n';

const TWO_QUEUES = [
  { name: 'all.q', isDefault: false, limitSeconds: null, isUsable: true },
  { name: 'short.q', isDefault: false, limitSeconds: 300, isUsable: true }
];

schedulerSuite({
  scheduler: gridEngine,
  withoutDirectives: 'a parallel environment is chosen as the job is submitted',
  exact: {
    'the least': {
      form: {},
      directives: [],
      submit: [...submit, '4', 'any hosts', '', '', ...always(600)],
      launch: launch(1, MPIEXEC)
    },
    'all that it can honor': {
      form: {
        cores: 8,
        coresPerEngine: 2,
        time: '2-00:00:00',
        queue: 'long.q',
        parallelEnvironment: 'mpi',
        account: 'phys',
        email: 'ada@example.org',
        launcher: 'mpirun_rsh -np {engines}',
        directives: ['#$ -l h_vmem=4G', '-ac "note=two words"']
      },
      directives: [],
      submit: [
        ...submit,
        '8',
        'any hosts',
        'mpi',
        'long.q',
        ...always(172_800),
        '-q',
        'long.q',
        '-P',
        'phys',
        '-M',
        'ada@example.org',
        '-m',
        'ea',
        '-l',
        'h_vmem=4G',
        '-ac',
        'note=two words'
      ],
      launch: launch(2, {
        plugins: null,
        mpiexec: false,
        agent: null,
        own: ['mpirun_rsh', '-np', '{engines}']
      })
    }
  },
  submitted: {
    '17\n': '17',
    'Welcome\n17\n': '17',
    'Your job 18 ("k3v9x2ab-decay") has been submitted\n': '18'
  },
  notSubmitted: [
    '17.1-3:1\n',
    'Your job-array 17.1-3:1 ("a") has been submitted\n',
    'verification: found suitable queue(s)\n'
  ],
  refused: {
    'Unable to run job: job rejected: the requested parallel environment "nope" does not exist\nExiting.\n':
      'parallel-environment',
    'no parallel environment fits: 64 slots, any hosts\n': 'parallel-environment',
    'Unable to run job: error: no suitable queues\nExiting.\n': 'no-queue-fits',
    'Unable to run job: unknown resource "nosuch"\nExiting.\n': 'directives',
    'Unable to run job: Job was rejected because job requests unknown queue "nosuch.q"\nExiting.\n':
      'queue',
    'Unable to run job: "job" denied: use parallel environments instead of requesting slots explicitly\nExiting.\n':
      'directives',
    'Unable to run job: job rejected: the requested project "nosuch" does not exist\nExiting.\n':
      'account',
    'Unable to run job: job rejected: your user id 0 is lower than minimum user id 1000 of cluster configuration\nExiting.\n':
      'not-allowed',
    'Unable to run job: denied: host "gx5" is not a submit host\nExiting.\n': 'not-allowed',
    'Unable to run job: denied: host "gx5" is no submit host.\nExiting.\n': 'not-allowed',
    'Unable to run job: job rejected: project "phys" is not allowed to submit jobs\nExiting.\n':
      'account',
    'Unable to run job: job rejected: no access to project "phys" for user "ada"\nExiting.\n':
      'account',
    'Unable to run job: job rejected: no project was supplied and only certain projects are allowed to submit jobs\nExiting.\n':
      'account',
    'Unable to run job: job rejected: ada@gxm is not allowed to submit jobs\nExiting.\n':
      'not-allowed',
    "Unable to run job: warning: ada's job is not allowed to run in any queue\nerror: no suitable queues\nExiting.\n":
      'not-allowed',
    'Unable to run job: job rejected: only 10 jobs are allowed per user (current job count: 10)\nExiting.\n':
      'limits',
    'Unable to run job: job rejected: Only 10 jobs are allowed per cluster\nExiting.\n': 'limits',
    'Unable to run job: Job is rejected temporarily\nExiting.\n': 'busy',
    'Unable to run job: value for attribute s_cpu "soon" is not a time value\nExiting.\n':
      'directives',
    'Unable to run job: denied: missing value for resource "mem_free"\nExiting.\n': 'directives',
    'Unable to run job: the job duration is longer than duration of the advance reservation id 4\nExiting.\n':
      'time',
    'Unable to run job: the advance reservation id 4 is invalid\nExiting.\n': 'directives',
    'qsub: Unknown option -foo\n': 'directives',
    'Unable to run job: denied: client (gx1/qsub/3) uses newer GDI version 268443655 while qmaster uses older version 8.1.9\nExiting.\n':
      'unreachable',
    'error: commlib error: got read error (closing "gx1/qmaster/1")\nUnable to run job: unable to send message to qmaster using port 16444 on host "vm": got read error\nExiting.\n':
      'unclear',
    'Unable to run job: JSV rejected job\nExiting.\n': null,
    [DOWN]: 'unreachable',
    'error: sge_gethostbyname failed\nUnable to initialize environment because of error: sge_gethostbyname failed\n':
      'unreachable',
    'critical error: Please set the environment variable SGE_ROOT.\n': 'unreachable',
    'bash: line 40: exec: qsub: not found\n': 'no-command',
    'Unable to run job: something else\nExiting.\n': null
  },
  queues: {
    'no_job.txt': [],
    'one_of_each.txt': [
      job('19', 'k3v9x2aa', 'unknown'),
      job('20', 'k3v9x2ab', 'running'),
      job('21', 'k3v9x2ac', 'running'),
      job('26', null, 'unknown'),
      job(
        '22',
        'k3v9x2ad',
        'queued',
        'cannot run in PE "orte" because it only offers 12 slots',
        'free-nodes'
      ),
      job(
        '24',
        'k3v9x2af',
        'queued',
        expect.stringMatching(
          /error: can't open output file "\/nonexistent\/o.log": No such file or directory$/
        ) as unknown as string,
        'held-after-failures'
      ),
      job('23', 'k3v9x2ae', 'queued', 'Job is in hold state'),
      job('25', 'k3v9x2ag', 'queued', 'job dropped because of job dependencies', 'another-job')
    ]
  },
  pasts: {
    'past.txt': {
      27: end('failed', 3, null),
      28: end('completed', 0, null),
      29: end('timed-out', null, 9),
      19: end('failed', null, 9),
      30: end('failed', 7, null),
      24: end('failed', 0, null, false)
    }
  },
  limits: {
    'two_queues.txt': { version: '8.1.9', queues: TWO_QUEUES },
    'two_projects.txt': {
      version: '8.1.9',
      queues: TWO_QUEUES,
      accounts: ['biology', 'physics'].map(name => ({ name, notIn: [], qos: [], defaultQos: null }))
    }
  }
});

describe('what no directive may say', () => {
  it.each([
    ['-t 1-3', '-t'],
    ['#$ -sync y', '-sync'],
    ['-l gpu=1 -o /tmp/o', '-o'],
    ['-w v', '-w'],
    ['@options', '@options'],
    ['-N other', '-N']
  ])('%j: it would lose the job', (line, option) => {
    expect(gridEngine.directiveProblems(batchJob({ directives: [line] }))).toEqual([
      { field: 'directives.0', code: 'directive-ours', values: { option } }
    ]);
  });

  it.each([
    ['-pe mpi 16', '-pe', 'parallelEnvironment'],
    ['-l mem_free=1G,h_rt=10', '-l mem_free=1G,h_rt=10', 'time'],
    ['-q long.q', '-q', 'queue'],
    ['-P phys', '-P', 'account']
  ])('%j: a field does', (line, option, covered) => {
    expect(gridEngine.directiveProblems(batchJob({ directives: [line] }))).toEqual([
      { field: 'directives.0', code: 'directive-field', values: { option, covered } }
    ]);
  });

  it.each(['-l h_vmem=4G', '#$ -hold_jid 17', '-w n', '-notify', '-v A=-t'])('%j may', line => {
    expect(gridEngine.directiveProblems(batchJob({ directives: [line] }))).toEqual([]);
  });
});

let bin: string;
let directory: string;
beforeEach(() => {
  const folder = makeTemp();
  bin = path.join(folder, 'bin');
  directory = path.join(folder, 'two words, $HOME');
  mkdirSync(bin);
  mkdirSync(path.join(directory, 'logs'), { recursive: true });
});

function program(name: string, text: string): void {
  writeFileSync(path.join(bin, name), `#!/bin/bash\n${text}\n`);
  chmodSync(path.join(bin, name), 0o755);
}

function run(argv: readonly string[], more: Record<string, string> = {}): string {
  const [file = '', ...words] = argv;
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
  const env = { ...sealed(directory), PATH, ...more };
  return execFileSync(file, words, { encoding: 'utf8', env, stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Parallel environments by name: slots, rule, control_slaves. */
function site(environments: Record<string, [number, string, string]>): void {
  program(
    'qconf',
    `case $1 in -spl) echo ${Object.keys(environments).join(' ')};; -sp) case $2 in ${Object.entries(
      environments
    )
      .map(
        ([name, [slots, rule, control]]) =>
          `${name}) echo 'pe_name ${name}'; echo 'slots ${slots}'; echo 'allocation_rule ${rule}'; echo 'control_slaves ${control}';;`
      )
      .join(' ')} esac;; esac`
  );
  program('qselect', 'case $2 in unused) exit 1;; *) echo all.q@gx1;; esac');
  program('qsub', 'printf "%s\\n" "$PWD" "$@"; echo 17');
}

function submitted(form: Parameters<typeof batchJob>[0], engines?: number): string[] {
  const made = batchJob(form, { baseFolder: path.dirname(directory), id: 'k3v9x2ab' });
  const script = path.join(directory, 'script.sh');
  const spec = { ...made.spec, engines: engines ?? made.spec.engines };
  const argv = gridEngine.submitArgv({
    ...made,
    spec,
    script,
    log: path.join(directory, 'logs/job.log')
  });
  return run(argv).split('\n');
}

describe('the parallel environment of a job that names none', () => {
  const MANY: Record<string, [number, string, string]> = {
    loose: [99, '$round_robin', 'FALSE'],
    unused: [99, '$fill_up', 'TRUE'],
    few: [3, '$fill_up', 'TRUE'],
    round: [99, '$round_robin', 'TRUE'],
    smp: [99, '$pe_slots', 'FALSE'],
    three: [99, '3', 'TRUE'],
    two: [99, '2', 'TRUE']
  };

  test.each([
    ['fills hosts', { ...MANY, fill: [99, '$fill_up', 'TRUE'] as const }, 4, 'fill'],
    ['goes round', MANY, 4, 'round'],
    ['has as many a host as come out even', { three: MANY['three'], two: MANY['two'] }, 4, 'two'],
    ['stays on one host, where nothing else is there', { smp: MANY['smp'] }, 4, 'smp'],
    ['stays on one host for a notebook without engines', MANY, 0, 'smp']
  ] as const)('%s', (_, environments, engines, chosen) => {
    site(environments as typeof MANY);
    const said = submitted({}, engines);
    expect(said.slice(0, 7)).toEqual([
      directory,
      '-terse',
      '-cwd',
      '-o',
      'logs/job.log',
      '-pe',
      chosen
    ]);
    expect(said[7]).toBe('4');
    expect(said.slice(-3)).toEqual(['script.sh', '17', '']);
    const log = readFileSync(path.join(directory, 'logs/job.log'), 'utf8');
    expect(log).toBe(`Parallel environment: ${chosen}\n`);
  });

  it('is none for one slot', () => {
    site(MANY);
    expect(submitted({ cores: 1 })).not.toContain('-pe');
  });

  it('is the one that is named, whatever there is', () => {
    site({});
    expect(submitted({ parallelEnvironment: 'loose' }).slice(5, 8)).toEqual(['-pe', 'loose', '4']);
  });

  it('is missed where none fits', () => {
    site({ few: [3, '$fill_up', 'TRUE'], loose: [99, '$fill_up', 'FALSE'] });
    expect(() => submitted({})).toThrow('no parallel environment fits: 4 slots, any hosts');
  });
});

describe('processes on all hosts', () => {
  /** As Grid Engine does it: a shell reads the words, in a folder and with variables of its own. */
  const REMOTE = `shift 2; host=$1; shift
exec env -i PATH=/usr/bin:/bin HOSTNAME="$host" TMPDIR=/of/$host bash -c "cd /; $*"`;

  it('that does not begin is told with its host, and how that ended', () => {
    program('qrsh', 'echo "daemon on host \\"$3\\" did not take it" >&2; exit 7');
    const file = path.join(directory, 'hosts');
    writeFileSync(file, HOSTS);
    const argv = ['bash', '-c', LAUNCH, 'launch', directory, '0', 'true'];
    expect(run(argv, { PE_HOSTFILE: file })).toBe('node 1 on gx1 ended with 7\n');
  });

  it('is what an mpiexec asks for, by words that a shell there reads', () => {
    program('qrsh', REMOTE);
    const words = ['gx1', 'A="two words"', ';', 'export A;', 'echo "$A" in $TMPDIR: $WORDS'];
    const argv = ['bash', '-c', AGENT, 'agent', directory, ...words];
    const more = { TMPDIR: '/of/here', WORDS: "it's" };
    expect(run(argv, more)).toBe("two words in /of/gx1: it's\n");
    expect(readdirSync(path.join(directory, 'logs'))).toEqual([]);
  });

  function launched(size: string, hosts: string | null, ...command: string[]): string[] {
    program('qrsh', REMOTE);
    const file = path.join(directory, 'hosts');
    writeFileSync(file, hosts ?? '');
    const argv = ['bash', '-c', LAUNCH, 'launch', directory, size, ...command];
    const more = {
      TMPDIR: '/of/here',
      WORDS: `two 'words'\n"lines" $HOME`,
      ...(hosts !== null && { PE_HOSTFILE: file })
    };
    return run(argv, more).trim().split('\n').toSorted();
  }

  const SAY = `echo "$${RANK} on $${HOST} of $1 in $TMPDIR"`;
  const HOSTS =
    'gx2 4 all.q@gx2 UNDEFINED\ngx1 2 all.q@gx1 UNDEFINED\ngx2 1 long.q@gx2 UNDEFINED\n';

  it('are one a host, each with its index and what its host has', () => {
    expect(launched('0', HOSTS, 'bash', '-c', SAY, 'bash', "it's $two")).toEqual([
      "0 on gx2 of it's $two in /of/here",
      "1 on gx1 of it's $two in /of/gx1"
    ]);
  });

  it('are as many as slots have room for', () => {
    expect(launched('2', HOSTS, 'bash', '-c', `echo "$${RANK} $${HOST}"`)).toEqual([
      '0 gx2',
      '1 gx2',
      '2 gx1'
    ]);
  });

  it('is one without a parallel environment', () => {
    expect(launched('0', null, 'bash', '-c', `echo "$${RANK}"`)).toEqual(['0']);
  });

  it('have the variables of the job, and its folder', () => {
    const [here, there] = launched('0', HOSTS, 'bash', '-c', 'echo "${WORDS@Q} $PWD"');
    expect(there).toBe(here);
    expect(here).toContain("$'two \\'words\\'\\n\"lines\" $HOME'");
  });
});
