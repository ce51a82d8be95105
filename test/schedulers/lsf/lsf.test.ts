import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, test } from 'vitest';
import type { JobForm } from '../../../src/api/jobSpec';
import type { Wait } from '../../../src/api/waiting';
import { HOST, RANK } from '../../../src/schedulers/hostLaunch';
import { CANCEL } from '../../../src/schedulers/lsf/cancel';
import { AGENT, LAUNCH } from '../../../src/schedulers/lsf/launch';
import { lsf } from '../../../src/schedulers/lsf/lsf';
import { SUBMIT } from '../../../src/schedulers/lsf/submit';
import type { JobEnd, Launch, QueueEntry } from '../../../src/schedulers/scheduler';
import { AWKWARD_NAMES } from '../../awkward';
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
  `${DIRECTORY}/logs/job.log`,
  '-J',
  'k3v9x2ab-decay'
];

const launch = (coresPerEngine: number, mpi: Partial<Launch['mpi']>): Launch => ({
  argv: ['bash', '-c', LAUNCH, 'launch', '{directory}', String(coresPerEngine)],
  rank: 'JUPYTERLAB_SUBMIT_RANK',
  nodes: {
    argv: ['bash', '-c', LAUNCH, 'launch', '{directory}', '0'],
    name: 'JUPYTERLAB_SUBMIT_HOST',
    engines: null,
    hosts: 'LSB_DJOB_HOSTFILE',
    cpus: null,
    bound: {},
    each: { rank: [], local: [], all: [], job: [] }
  },
  mpi: { plugins: null, mpiexec: false, agent: null, own: null, ...mpi }
});

const MPIEXEC: Partial<Launch['mpi']> = {
  mpiexec: true,
  agent: { argv: ['bash', '-c', AGENT, 'agent', '{directory}'], hydra: false }
};

const job = (
  schedulerId: string,
  jobId: string | null,
  state: QueueEntry['state'],
  reason: string | null = null,
  wait: Wait | null = null
): QueueEntry => ({ schedulerId, jobId, state, end: null, reason, wait, estimatedStart: null });

const over = (schedulerId: string, jobId: string, end: JobEnd): QueueEntry => ({
  ...job(schedulerId, jobId, 'over'),
  end
});

const end = (
  how: JobEnd['how'],
  status: number | null,
  signal: number | null,
  by: JobEnd['by'] = null,
  hasRun = true
): JobEnd => ({ how, hasRun, at: null, status, signal, by });

const DOWN = 'LSF is down. Please wait ...\n'.repeat(3);

schedulerSuite({
  scheduler: lsf,
  withoutDirectives: 'bsub reads them only in what it is given on standard input',
  exact: {
    'the least': {
      form: {},
      directives: [],
      submit: [...submit, '-n', '4', '-W', '10', '-rn', '-o', '/dev/null'],
      launch: launch(1, MPIEXEC)
    },
    'all that it can honor': {
      form: {
        cores: 16,
        coresPerEngine: 2,
        enginesPerNode: 4,
        nodes: 2,
        time: '2-00:00:30',
        queue: 'long',
        account: 'phys',
        reservation: 'course#3'.replace('#', '_'),
        gpusPerNode: 2,
        gpuType: 'TeslaV100_SXM2',
        email: 'ada@example.org',
        launcher: 'mpirun_rsh -np {engines}',
        directives: ['#BSUB -M 4GB -R "rusage[mem=4GB]"', "-app 'two words'"]
      },
      directives: [],
      submit: [
        ...submit,
        '-n',
        '16',
        '-R',
        'span[ptile=8]',
        '-W',
        '2881',
        '-rn',
        '-o',
        '/dev/null',
        '-gpu',
        'num=2/host:gmodel=TeslaV100_SXM2',
        '-q',
        'long',
        '-P',
        'phys',
        '-U',
        'course_3',
        '-u',
        'ada@example.org',
        '-N',
        '-M',
        '4GB',
        '-R',
        'rusage[mem=4GB]',
        '-app',
        'two words'
      ],
      launch: launch(2, { own: ['mpirun_rsh', '-np', '{engines}'] })
    },
    'nodes without a word on how many engines each has': {
      form: { cores: 10, nodes: 4, gpusPerNode: 1 },
      directives: [],
      submit: [
        ...submit,
        '-n',
        '10',
        '-R',
        'span[ptile=3]',
        '-W',
        '10',
        '-rn',
        '-o',
        '/dev/null',
        '-gpu',
        'num=1/host'
      ],
      launch: launch(1, MPIEXEC)
    },
    'engines of several cores, wherever there is room for one': {
      form: { cores: 8, coresPerEngine: 4 },
      directives: [],
      submit: [...submit, '-n', '8', '-R', 'span[block=4]', '-W', '10', '-rn', '-o', '/dev/null'],
      launch: launch(4, MPIEXEC)
    }
  },
  submitted: {
    'Job <17> is submitted to default queue <normal>.\n': '17',
    'Job <18> is submitted to queue <short>.\n': '18',
    'Your job requests 12 slots per GPU, of 4 there.\nJob <4242> is submitted to queue <gpu_h100>.\nProject: <phys>\n':
      '4242'
  },
  notSubmitted: [
    'Request aborted by esub. Job not submitted.\n',
    'Job <id> is submitted to queue <normal>.\n',
    'Job <17> is submitted to queue <a>.\nJob <18> is submitted to queue <a>.\n',
    'job 17 of 4 is submitted to the queue\n',
    'Resource requirement string is valid.\n'
  ],
  refused: {
    'nope: No such queue. Job not submitted.\n': 'queue',
    'long: User cannot use the queue. Job not submitted.\n': 'queue-not-allowed',
    'night: Queue has been closed. Job not submitted.\n': 'queue-not-allowed',
    "RUNLIMIT: Cannot exceed queue's hard limit(s). Job not submitted.\n": 'time',
    "MEMLIMIT: Cannot exceed queue's hard limit(s). Job not submitted.\n": 'memory',
    "PROCESSLIMIT: Cannot exceed queue's hard limit(s). Job not submitted.\n": 'limits',
    'Error in rusage section: The merged job-level and application-level rusage value is outside the range set by RESRSV_LIMIT defined in lsb.queues. Job not submitted.\n':
      'memory',
    'Too many processors requested. Job not submitted.\n': 'cores',
    'Invoker is not in specified project group. Job not submitted.\n': 'account',
    'User not in the specified user group. Job not submitted.\n': 'account',
    'Project not specified.  Please specify a project using the -P flag.\nRequest aborted by esub. Job not submitted.\n':
      'account',
    'Not a member of the specified project: abc.  You are currently a member of the following projects:\nRequest aborted by esub. Job not submitted.\n':
      'account',
    "The 'general' queue does not support Docker.\nRequest aborted by esub. Job not submitted.\n":
      null,
    'Error near "select" : duplicate section. Job not submitted.\n': 'directives',
    'Error in select section: Expected number, string, name, or "(" but found end of section. Job not submitted.\n':
      'directives',
    "Error with <select[rhel < 8 && cs & x86_64Linux] rusage[mem=50]>: '&' cannot be used in the resource requirement section. Job not submitted.\n":
      'directives',
    'Error in rusage section. Job not submitted.\n': 'directives',
    'Bad resource requirement syntax. Job not submitted.\n': 'directives',
    'Empty job. Job not submitted.\n': 'directives',
    'nohost: Bad host name, host group name or cluster name. Job not submitted.\n': 'node-names',
    'The destination queue has reached its job limit. Job not submitted.\n': 'limits',
    'User permission denied. Job not submitted.\n': 'not-allowed',
    'Request from non-LSF host rejected. Job not submitted.\n': 'not-allowed',
    'Failed in an LSF library call: External authentication failed. Job not submitted.\n':
      'not-allowed',
    'Failed in an LSF library call: Slave LIM configuration is not ready yet. Job not submitted.\n':
      'unreachable',
    'Failed in an LSF library call: LIM is down; try later. Job not submitted.\n': 'unreachable',
    'batch daemon (mbatchd) not responding: cannot open connection\n': 'unreachable',
    'Cannot connect to LSF. Please wait ...\n': 'unreachable',
    [DOWN]: 'unreachable',
    'Contacting batch daemon: Communication timeout. Job not submitted.\n': 'unclear',
    'LSF is down. Please wait ...\nBatch protocol error. Job not submitted.\n': 'unclear',
    'Failed in an LSF library call: A socket operation has failed: Connection reset by peer. Job not submitted.\n':
      'unclear',
    'submit: line 7: exec: bsub: not found\n': 'no-command',
    'Bad job name. Job not submitted.\n': null
  },
  queues: {
    'no_job.txt': [],
    'one_of_each.txt': [
      job('101', 'k3v9x2aa', 'running'),
      {
        ...job(
          '102',
          'k3v9x2ab',
          'queued',
          "Job's requirements for reserving resource (mem) not satisfied: 3 hosts; Job slot limit reached: 1 host",
          'free-nodes'
        ),
        estimatedStart: 1_796_112_000
      },
      job('103', 'k3v9x2ac', 'queued', 'New job is waiting for scheduling'),
      job(
        '104',
        'k3v9x2ad',
        'queued',
        'The job was suspended by the user while pending',
        'held-by-you'
      ),
      job(
        '105',
        'k3v9x2ae',
        'queued',
        'The job was suspended by LSF admin or root while pending',
        'held-by-administrator'
      ),
      job('106', 'k3v9x2af', 'queued', 'Job dependency condition not satisfied', 'another-job'),
      job('107', 'k3v9x2ag', 'queued', 'The user has reached his/her job slot limit', 'your-limit'),
      job(
        '108',
        'k3v9x2ah',
        'queued',
        "One of the user's groups has reached its job slot limit",
        'group-limit'
      ),
      job(
        '109',
        'k3v9x2ai',
        'queued',
        'The queue is inactivated by its time windows',
        'queue-closed'
      ),
      job('110', 'k3v9x2aj', 'queued', 'The job has a specified start time', 'start-time'),
      job('111', 'k3v9x2ak', 'queued'),
      job('112', 'k3v9x2am', 'queued'),
      job('113', 'k3v9x2an', 'running'),
      job('114', 'k3v9x2ap', 'running'),
      job('115', 'k3v9x2aq', 'unknown'),
      job('116', 'k3v9x2ar', 'unknown'),
      over('117', 'k3v9x2as', end('completed', 0, null)),
      over('118', 'k3v9x2at', end('failed', 3, null)),
      over('119', 'k3v9x2au', end('timed-out', null, 12)),
      over('120', 'k3v9x2av', end('out-of-memory', null, 9)),
      over('121', 'k3v9x2aw', end('cancelled', null, 2, 'account')),
      over('122', 'k3v9x2ax', end('cancelled', null, null, 'account', false)),
      over('123', 'k3v9x2ay', end('cancelled', null, 9, 'administrator')),
      over('124', 'k3v9x2az', end('preempted', null, 9)),
      over('125', 'k3v9x2ba', end('failed', null, 15)),
      job('126', null, 'running'),
      job('127', 'k3v9x2bb', 'unknown')
    ],
    'version_9.txt': [
      job('201', 'k3v9x2aa', 'running'),
      job('202', 'k3v9x2ab', 'queued'),
      over('203', 'k3v9x2ac', end('timed-out', null, 12))
    ],
    'with_an_outage_before.txt': [job('301', 'k3v9x2aa', 'running'), job('302', null, 'unknown')]
  },
  pasts: {
    'past.txt': {
      117: end('completed', 0, null),
      119: end('timed-out', null, 12),
      128: end('failed', 2, null)
    }
  },
  limits: {
    'four_queues.txt': {
      version: '10.1.0.14',
      queues: [
        { name: 'normal', isDefault: true, limitSeconds: 86_400, isUsable: true },
        { name: 'short', isDefault: false, limitSeconds: 1800, isUsable: true },
        { name: 'drained', isDefault: false, limitSeconds: null, isUsable: false },
        { name: 'cpu', isDefault: false, limitSeconds: null, isUsable: true }
      ]
    },
    'version_9.txt': { version: '9.1.3.0', queues: [] }
  }
});

describe('what bsub says of itself', () => {
  const isLsf = (said: string): boolean | undefined => lsf.detect?.whose?.parse(said);

  it.each([
    'IBM Spectrum LSF 10.1.0.0 build 403338, Mar 05 2016\nCopyright International Business Machines Corp.\n',
    'IBM Spectrum LSF Standard 10.1.0.14, Apr 20 2023\n',
    'Welcome!\nIBM Platform LSF 9.1.3.0, Jul 04 2014\n',
    'Platform LSF 7.0.4.115872, Sep 24 2008\n'
  ])('%j is LSF', said => {
    expect(isLsf(said)).toBe(true);
  });

  it.each([
    'openlava 2.2, Oct 1 2013\nOpenlava 2.2 project http://openlava.org\n',
    'Unknown option: V\nUsage:\n    bsub [-e Error Path] [-I Interactive Mode] [-m Node List]\n',
    'bsub: command not found\n',
    ''
  ])('%j is not', said => {
    expect(isLsf(said)).toBe(false);
  });
});

const problemsOf = (form: Partial<JobForm>) => lsf.directiveProblems(batchJob(form));

describe('what no directive may say', () => {
  it.each([
    ['-I', '-I'],
    ['#BSUB -K', '-K'],
    ['-J "a[1-3]"', '-J'],
    ['-app x -oo /tmp/o', '-oo'],
    ['-L /bin/tcsh', '-L'],
    ['-wa USR1 -wt 2', '-wa'],
    ['-r', '-r'],
    ['myprogram -x', 'myprogram'],
    ['-x myprogram', 'myprogram'],
    ['-app x myprogram', 'myprogram']
  ])('%j: it would lose the job', (line, option) => {
    expect(problemsOf({ directives: [line] })).toEqual([
      { field: 'directives.0', code: 'directive-ours', values: { option } }
    ]);
  });

  it.each([
    ['-n 16', '-n', 'cores'],
    ['-n16', '-n16', 'cores'],
    ['-W 1:00', '-W', 'time'],
    ['-q long', '-q', 'queue'],
    ['-P phys', '-P', 'account'],
    ['-gpu "num=1"', '-gpu', 'gpusPerNode'],
    ['-u ada@example.org', '-u', 'email']
  ])('%j: a field does', (line, option, covered) => {
    expect(problemsOf({ directives: [line] })).toEqual([
      { field: 'directives.0', code: 'directive-field', values: { option, covered } }
    ]);
  });

  it.each([
    '-R "select[mem>4000] rusage[mem=4000]"',
    '#BSUB -M 4GB',
    "-w 'done(17)'",
    '-a docker(alpine)',
    '-G physics -x',
    '-R span[ptile=2]',
    '-H'
  ])('%j may', line => {
    expect(problemsOf({ directives: [line] })).toEqual([]);
  });

  it('%j: where slots are to be, where a field says it', () => {
    expect(problemsOf({ cores: 8, enginesPerNode: 2, directives: ['-R span[ptile=4]'] })).toEqual([
      {
        field: 'directives.0',
        code: 'directive-field',
        values: { option: '-R span[ptile=4]', covered: 'enginesPerNode' }
      }
    ]);
  });
});

it('takes so many nodes only as so many engines on each make them', () => {
  expect(problemsOf({ cores: 10, nodes: 4 })).toEqual([]);
  expect(problemsOf({ cores: 9, nodes: 4 })).toEqual([
    { field: 'nodes', code: 'layout', values: { engines: 9, nodes: 4, enginesPerNode: 3 } }
  ]);
});

it('keeps a notebook without engines on one host', () => {
  const made = batchJob({});
  const argv = lsf.submitArgv({ ...made, spec: { ...made.spec, engines: 0 } });
  expect(argv.slice(argv.indexOf('-n'), argv.indexOf('-W'))).toEqual([
    '-n',
    '4',
    '-R',
    'span[hosts=1]'
  ]);
});

let bin: string;
let folder: string;
beforeEach(() => {
  folder = makeTemp();
  bin = path.join(folder, 'bin');
  mkdirSync(bin);
});

function program(name: string, text: string): void {
  writeFileSync(path.join(bin, name), `#!/bin/bash\n${text}\n`);
  chmodSync(path.join(bin, name), 0o755);
}

function run(
  argv: readonly string[],
  more: Record<string, string> = {}
): { status: number | null; stdout: string; stderr: string } {
  const [file = '', ...words] = argv;
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`;
  const env = { ...sealed(folder), PATH, ...more };
  return spawnSync(file, words, { encoding: 'utf8', env });
}

describe('a submission', () => {
  const submitted = (directory: string, more: Record<string, string> = {}) => {
    mkdirSync(path.join(directory, 'logs'), { recursive: true });
    const script = path.join(directory, 'script.sh');
    const log = path.join(directory, 'logs/job.log');
    writeFileSync(script, 'echo "$0 ran: $PWD"');
    return run(lsf.submitArgv({ ...batchJob({}), script, log }), more);
  };

  it.each(AWKWARD_NAMES)(
    'is a command for a Bourne shell, which finds script and log in %j',
    name => {
      program(
        'bsub',
        'for last; do :; done; sh -c "$last"; echo "Job <17> is submitted to queue <a>."'
      );
      const directory = path.join(folder, name);
      expect(submitted(directory)).toMatchObject({
        stdout: 'Job <17> is submitted to queue <a>.\n'
      });
      const log = readFileSync(path.join(directory, 'logs/job.log'), 'utf8');
      expect(log).toBe(`${path.join(directory, 'script.sh')} ran: ${directory}\n`);
    }
  );

  it('has none of the variables that change what bsub does, or that tell of another job', () => {
    program('bsub', 'env | grep -E "^(BSUB|LSB)_" | sort');
    const more = {
      BSUB_QUIET: '1',
      BSUB_CHK_RESREQ: '1',
      BSUB_BLOCK: '1',
      BSUB_STDERR: 'y',
      LSB_DJOB_HOSTFILE: '/tmp/hosts',
      LSB_DEFAULTQUEUE: 'mine'
    };
    expect(submitted(path.join(folder, 'job'), more).stdout).toBe(
      'LSB_DEFAULTQUEUE=mine\nLSB_NTRIES=3\n'
    );
  });
});

describe('the queue', () => {
  const asked = () => run(lsf.statusArgv());

  it.each(['No job found', 'No unfinished job found', 'No matching job found'])(
    'is empty where bjobs says %j and ends with 255',
    text => {
      program('bjobs', `echo '${text}' >&2; exit 255`);
      expect(asked()).toMatchObject({ status: 0, stdout: '\n' });
    }
  );

  it.each([
    'LSF is down. Please wait ...',
    'Cannot connect to LSF. Please wait ...',
    'Failed in an LSF library call: LIM is down; try later',
    'No job found\\nLSF is down. Please wait ...'
  ])('is not known where bjobs says %j', text => {
    program('bjobs', `printf '${text}\\n' >&2; exit 255`);
    const { status, stderr } = asked();
    expect(status).toBe(255);
    expect(stderr).toContain(text.split('\\n').at(-1));
  });

  it('is asked in an older way where bjobs does not know a column', () => {
    program(
      'bjobs',
      'case $* in *pend_reason*) echo "pend_reason: unknown field" >&2; exit 255;; esac\necho "7|RUN|-|gx1|-|k3v9x2ab-decay|-"'
    );
    expect(lsf.parseStatus(asked().stdout)).toMatchObject([
      { schedulerId: '7', jobId: 'k3v9x2ab', state: 'running' }
    ]);
  });

  it('says when a job is expected to start, in this year or the next', () => {
    const now = Date.now();
    const shown = (days: number): [string, number] => {
      const date = new Date(now + days * 86_400_000);
      date.setUTCSeconds(0, 0);
      const text = date.toUTCString().replace(/^..., (\d+) (...) \d+ (\d\d:\d\d).*$/, '$2 $1 $3');
      return [text, date.getTime() / 1000];
    };
    const times = [1, 40, 300].map(shown);
    program(
      'bjobs',
      [...times.map(([text]) => text), 'soon', '-']
        .map((text, at) => `echo '${at + 1}|PEND|-|-|${text}|k3v9x2a${at}-decay|-|-'`)
        .join('\n')
    );
    const entries = lsf.parseStatus(run(lsf.statusArgv(), { TZ: 'UTC' }).stdout);
    expect(entries.map(({ estimatedStart }) => estimatedStart)).toEqual([
      ...times.map(([, at]) => at),
      null,
      null
    ]);
  });

  it('is asked for single jobs, of which some are forgotten', () => {
    program(
      'bjobs',
      'shift 3; for id; do case $id in 17) echo "17|DONE|-|gx1|-|k3v9x2ab-decay|-|-";; *) echo "Job <$id> is not found" >&2;; esac; done; exit 255'
    );
    const answer = run(lsf.records?.argv(['17', '18']) ?? []);
    expect(answer).toMatchObject({ status: 0, stderr: '' });
    expect([...(lsf.records?.parse(answer.stdout).keys() ?? [])]).toEqual(['17']);
  });
});

describe('a job that is to end', () => {
  /** Jobs that end at TERM after so many looks, or never; the log says what bkill was told. */
  const cancelled = (kill: string, states: string) => {
    program('bkill', `echo "$*" >>${folder}/told\n${kill}`);
    program('bjobs', states);
    program('sleep', ':');
    const answer = run(['bash', '-c', CANCEL, 'cancel', '17']);
    const told = readFileSync(path.join(folder, 'told'), 'utf8').trim().split('\n');
    return { ...answer, told };
  };
  const SIGNALED = 'echo "Job <17> is being signaled"';

  it('is told so, and has ended', () => {
    const looks = path.join(folder, 'looks');
    const states = `echo x >>${looks}; [ "$(wc -l <${looks})" -lt 3 ] && echo RUN || echo EXIT`;
    expect(cancelled(SIGNALED, states)).toMatchObject({ status: 0, told: ['-s TERM 17'] });
  });

  it('is killed when it does not', () => {
    expect(cancelled(SIGNALED, 'echo RUN')).toMatchObject({
      status: 0,
      told: ['-s TERM 17', '17']
    });
  });

  it('is taken out of the queue at once where it waits', () => {
    const kill = 'case $1 in -s) echo "Job <17>: Job has not started yet" >&2; exit 255;; esac';
    expect(cancelled(kill, 'echo PEND')).toMatchObject({ status: 0, told: ['-s TERM 17', '17'] });
  });

  it.each(['Job <17>: Job has already finished', 'Job <17>: No matching job found'])(
    'is no failure where bkill says %j',
    text => {
      expect(cancelled(`echo '${text}' >&2; exit 255`, ':')).toMatchObject({ status: 0 });
    }
  );

  it('is a failure where LSF does not answer', () => {
    expect(cancelled(`echo '${DOWN.trim()}' >&2; exit 255`, ':')).toMatchObject({ status: 255 });
  });
});

test('processes are started on each host, by blaunch on others, with their own GPUs', () => {
  program(
    'blaunch',
    'shift; host=$1; shift\nexec env -i PATH=/usr/bin:/bin HOSTNAME="$host" LSB_JOBID=17 CUDA_VISIBLE_DEVICES=1 bash -c "cd /; $*"'
  );
  const directory = path.join(folder, "it's a folder");
  mkdirSync(path.join(directory, 'logs'), { recursive: true });
  const hosts = path.join(folder, 'hosts');
  writeFileSync(hosts, 'gx2\ngx2\ngx1\ngx2\n');
  const say = `echo "$${RANK} $${HOST} $LSB_JOBID $CUDA_VISIBLE_DEVICES \${WORDS@Q}"`;
  const { stdout } = run(['bash', '-c', LAUNCH, 'launch', directory, '0', 'bash', '-c', say], {
    LSB_DJOB_HOSTFILE: hosts,
    LSB_JOBID: '17',
    CUDA_VISIBLE_DEVICES: '0,3',
    WORDS: "two 'words'"
  });
  expect(stdout.trim().split('\n').toSorted()).toEqual([
    `0 gx2 17 0,3 'two '\\''words'\\'''`,
    `1 gx1 17 1 'two '\\''words'\\'''`
  ]);
  expect(existsSync(path.join(directory, 'logs'))).toBe(true);
});

it('asks for the queues, and says when LSF does not answer', () => {
  program('bsub', 'echo "IBM Spectrum LSF 10.1.0.0 build 403338, Mar 05 2016" >&2');
  program('bqueues', `echo '${DOWN.trim()}' >&2; exit 255`);
  const argv = lsf.limits?.argv ?? [];
  const { status, stdout } = run(argv);
  expect(status).toBe(255);
  expect(lsf.limits?.parse(stdout)).toEqual({ version: '10.1.0.0', queues: [] });
  execFileSync('rm', [path.join(bin, 'bqueues')]);
  expect(run(argv).status).toBe(127);
});
