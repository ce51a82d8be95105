import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import { LAUNCH_TORQUE } from '../../../src/schedulers/pbs/launch';
import { SUBMIT_TORQUE } from '../../../src/schedulers/pbs/submit';
import { torque } from '../../../src/schedulers/pbs/torque';
import type { JobEnd, Launch, QueueEntry } from '../../../src/schedulers/scheduler';
import { makeTemp } from '../../makeTemp';
import { sealed } from '../../sealed';
import { batchJob } from '../batchJob';
import { schedulerSuite } from '../suite';

const DIRECTORY = '/home/ada/jobs/k3v9x2ab';
const submit = [
  'bash',
  '-c',
  SUBMIT_TORQUE,
  'submit',
  `${DIRECTORY}/script.sh`,
  `${DIRECTORY}/logs/job.log`
];
const always = ['-N', 'k3v9x2ab-decay', '-S', '/bin/bash', '-j', 'oe', '-r', 'n'];

const launch = (coresPerEngine: number, mpi: Launch['mpi']): Launch => ({
  argv: ['bash', '-c', LAUNCH_TORQUE, 'launch', '{directory}', String(coresPerEngine)],
  rank: 'JUPYTERLAB_SUBMIT_RANK',
  nodes: {
    argv: ['bash', '-c', LAUNCH_TORQUE, 'launch', '{directory}', '0'],
    name: 'JUPYTERLAB_SUBMIT_HOST',
    engines: null,
    hosts: 'PBS_NODEFILE',
    cpus: null,
    bound: {},
    each: { rank: [], local: [], all: [], job: [] }
  },
  mpi
});
const MPIEXEC: Launch['mpi'] = { plugins: null, mpiexec: true, agent: null, own: null };

const SERVER = 'torque.example.org';
const job = (
  number: string,
  jobId: string | null,
  state: QueueEntry['state'],
  more: Partial<QueueEntry> = {}
): QueueEntry => ({
  schedulerId: `${number}.${SERVER}`,
  jobId,
  state,
  end: null,
  reason: null,
  wait: null,
  estimatedStart: null,
  ...more
});

/** When the jobs of the recording ended: 09:2x by a clock that is five hours behind. */
const end = (minute: number, how: JobEnd['how'], more: Partial<JobEnd> = {}): JobEnd => ({
  how,
  hasRun: true,
  at: Date.UTC(2026, 10, 30, 14, minute) / 1000,
  status: null,
  signal: null,
  by: null,
  ...more
});

schedulerSuite({
  scheduler: torque,
  withoutDirectives: 'nodes are chosen as the job is submitted',
  exact: {
    'the least': {
      form: {},
      directives: [],
      submit: [...submit, '', '4', '1', '', 'walltime=00:10:00', ...always],
      launch: launch(1, MPIEXEC)
    },
    'all that it can honor': {
      form: {
        cores: 16,
        coresPerEngine: 2,
        nodes: 3,
        memoryPerCore: '2G',
        gpusPerNode: 4,
        constraint: 'bigmem:infiniband',
        time: '2-00:00:00',
        queue: 'long',
        account: 'phys',
        email: 'ada@example.org',
        launcher: 'mpirun_rsh -np {engines}',
        directives: ['#PBS -l pvmem=4gb', '-W group_list=phys']
      },
      directives: [],
      submit: [
        ...submit,
        '2:ppn=6:gpus=4:bigmem:infiniband+1:ppn=4:gpus=4:bigmem:infiniband',
        '8',
        '2',
        ':gpus=4:bigmem:infiniband',
        'walltime=48:00:00,mem=32768mb',
        ...always,
        '-q',
        'long',
        '-A',
        'phys',
        '-M',
        'ada@example.org',
        '-m',
        'ae',
        '-l',
        'pvmem=4gb',
        '-W',
        'group_list=phys'
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
    '21.torque.example.org\n': '21.torque.example.org',
    '0.torque\n': '0.torque',
    '410\n': '410',
    'Welcome\n21.torque\n': '21.torque'
  },
  notSubmitted: ['21[].torque\n', 'qsub: submit error (Unknown queue MSG=cannot locate queue)\n'],
  refused: {
    'Nodes: 1:ppn=4\nqsub: submit error (Unknown queue MSG=cannot locate queue)\n': 'queue',
    'qsub: submit error (Queue is not enabled MSG=queue is disabled: user ada@login1, queue off)\n':
      'queue-not-allowed',
    'qsub: submit error (Unauthorized Request  MSG=group ACL is not satisfied: user ada@login1, queue chem)\n':
      'queue-not-allowed',
    'qsub: submit error (Access to queue is denied MSG=user ACL rejected the submitting user: user ada@login1, queue chem)\n':
      'queue-not-allowed',
    'qsub: submit error (Job exceeds queue resource limits MSG=cannot satisfy queue max walltime requirement)\n':
      'time',
    'qsub: submit error (Job exceeds queue resource limits MSG=cannot satisfy queue max mem requirement)\n':
      'memory',
    'qsub: submit error (Job exceeds queue resource limits MSG=cannot satisfy server max ncpus requirement)\n':
      'no-queue-fits',
    'qsub: submit error (Job exceeds queue resource limits MSG=cannot locate feasible nodes (nodes file is empty, all systems are busy, or no nodes have the requested feature))\n':
      'node-size',
    "qsub: submit error (Maximum number of jobs already in queue for user MSG=total number of current user's jobs exceeds the queue limit: user ada@login1, queue batch)\n":
      'limits',
    'qsub: submit error (Bad UID for job execution MSG=ruserok failed validating ada/ada from login1)\n':
      'not-allowed',
    'qsub: submit error (Invalid Account)\n': 'account',
    'qsub: submit error (Illegal attribute or resource value for Resource_List.nodes)\n':
      'directives',
    'qsub: submit error (Unknown resource type  Resource_List.ngpus)\n': 'gpus',
    'qsub: submit error (Unknown resource type  Resource_List.nope)\n': 'directives',
    'qsub: submit error (Queue does not allow nonrerunable jobs)\n': 'queue-not-allowed',
    "qsub: submit error (This job's resource request conflicts with the queue's default resources.)\n":
      'no-queue-fits',
    'qsub: submit error (Error in socket select)\n': 'unclear',
    'qsub: submit error (Pbs Server is currently too busy to service this request. Please retry this request.)\n':
      'busy',
    'Unable to communicate with torque(192.0.2.1)\nCommunication failure.\nqsub: cannot connect to server torque (errno=111) Connection refused\n':
      'unreachable',
    'qsub: cannot connect to server torque (errno=15137) could not connect to trqauthd\n':
      'unreachable',
    'Connection to server timed out. Trying again\nqsub: submit error (Time out)\n': 'unclear',
    'qsub: submit error (Error reading data from socket)\n': 'unclear',
    'bash: line 31: exec: qsub: not found\n': 'no-command',
    'qsub: Your job has been administratively rejected by the queueing system.\n': null
  },
  queues: {
    'no_job.txt': [],
    'one_of_each.txt': [
      job('21', 'k3v9x2aa', 'running'),
      job('22', 'k3v9x2ab', 'queued', {
        reason: 'Not Running: Not enough of the right type of nodes are available',
        wait: 'free-nodes'
      }),
      job('23', 'k3v9x2ac', 'queued', { wait: 'held-by-you' }),
      job('24', 'k3v9x2ad', 'queued', { wait: 'held-by-administrator' }),
      job('25', 'k3v9x2ae', 'running'),
      job('26', 'k3v9x2af', 'over', { end: end(26, 'completed', { status: 0 }) }),
      job('27[1]', null, 'queued')
    ]
  },
  pasts: {
    'past.txt': {
      [`31.${SERVER}`]: end(21, 'failed', { status: 3 }),
      [`32.${SERVER}`]: end(22, 'timed-out'),
      [`33.${SERVER}`]: end(23, 'out-of-memory'),
      [`34.${SERVER}`]: end(24, 'cancelled'),
      [`35.${SERVER}`]: end(25, 'cancelled', { hasRun: false }),
      [`36.${SERVER}`]: end(26, 'failed', { signal: 9 }),
      [`37.${SERVER}`]: end(27, 'failed', { hasRun: false })
    }
  },
  limits: {
    'three_queues.txt': {
      version: '6.1.2',
      queues: [
        { name: 'batch', isDefault: true, limitSeconds: null, isUsable: true },
        { name: 'debug', isDefault: false, limitSeconds: 1800, isUsable: true },
        { name: 'off', isDefault: false, limitSeconds: null, isUsable: false }
      ]
    }
  }
});

describe('what no directive may say', () => {
  it.each([
    ['-t 1-3', '-t'],
    ['-I', '-I'],
    ['-d /tmp', '-d'],
    ['-W block=true', '-W'],
    ['-l nodes=2:ppn=4', '-l nodes=2:ppn=4']
  ])('%j', (line, option) => {
    expect(torque.directiveProblems(batchJob({ directives: [line] }))).toMatchObject([
      { field: 'directives.0', values: { option } }
    ]);
  });

  it.each(['-l pmem=4gb', '-l qos=high', '-n', '-F "a b"', '-E'])('%j may', line => {
    expect(torque.directiveProblems(batchJob({ directives: [line] }))).toEqual([]);
  });
});

describe('the nodes of a job that names none', () => {
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

  /** What qsub was told, where these nodes are: state and np. */
  function submitted(
    nodes: readonly (readonly [string, number])[],
    form: Parameters<typeof batchJob>[0]
  ): string[] {
    const shown = nodes
      .map(
        ([state, np], index) =>
          `n${index}\n     state = ${state}\n     np = ${np}\n     ntype = cluster\n`
      )
      .join('\n');
    writeFileSync(path.join(bin, 'shown'), shown);
    program('pbsnodes', `[ "$*" = -a ] && cat "\${0%/*}/shown"`);
    program('qsub', 'printf "%s\\n" "$PWD" "$@"; echo 21.torque');
    const made = batchJob(form, { baseFolder: path.dirname(directory), id: 'k3v9x2ab' });
    const [file = '', ...words] = torque.submitArgv({
      ...made,
      script: path.join(directory, 'script.sh'),
      log: path.join(directory, 'logs/job.log')
    });
    const env = { ...sealed(directory), PATH: `${bin}:${process.env['PATH'] ?? ''}` };
    return execFileSync(file, words, {
      encoding: 'utf8',
      env,
      stdio: ['ignore', 'pipe', 'pipe']
    }).split('\n');
  }

  const FOUR = [
    ['free', 4],
    ['job-exclusive', 4],
    ['free', 4],
    ['free', 4]
  ] as const;

  test.each([
    ['the fewest that have room', FOUR, { cores: 8 }, '2:ppn=4'],
    ['evenly filled', FOUR, { cores: 6 }, '2:ppn=3'],
    ['as even as it comes', FOUR, { cores: 7 }, '1:ppn=4+1:ppn=3'],
    ['for whole engines', FOUR, { cores: 9, coresPerEngine: 3 }, '3:ppn=3'],
    [
      'none that is down',
      [
        ['down', 64],
        ['free,offline', 64],
        ['free', 4],
        ['free', 4]
      ],
      { cores: 8 },
      '2:ppn=4'
    ],
    [
      'as many large ones as there are',
      [
        ['free', 2],
        ['free', 16],
        ['free', 8],
        ['free', 8]
      ],
      { cores: 24 },
      '3:ppn=8'
    ],
    ['one, where none has room, so that it is refused', FOUR, { cores: 64 }, '1:ppn=64'],
    ['one, where nobody knows', [], { cores: 4 }, '1:ppn=4'],
    ['with what each has to have', FOUR, { cores: 8, constraint: 'bigmem' }, '2:ppn=4:bigmem']
  ] as const)('are %s', (_, nodes, form, chosen) => {
    const said = submitted(nodes, form);
    expect(said.slice(0, 7)).toEqual([
      directory,
      '-d',
      directory,
      '-o',
      'logs/job.log',
      '-l',
      `nodes=${chosen},walltime=00:10:00`
    ]);
    expect(said.slice(-3)).toEqual(['script.sh', '21.torque', '']);
  });

  it('are those that are named, whatever there is', () => {
    expect(submitted([], { cores: 4, nodes: 2 })[6]).toBe('nodes=2:ppn=2,walltime=00:10:00');
  });
});
