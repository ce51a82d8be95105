import { local } from '../../src/schedulers/local';
import type { QueueEntry } from '../../src/schedulers/scheduler';
import { schedulerSuite } from './suite';

/** What `submitArgv` runs; localProcesses.test.ts has it run. */
const START =
  'set -m; nohup timeout -k "$1" "$2" /usr/bin/env bash "$3" </dev/null >>"$4" 2>&1 & echo "$!"';

/** Only an mpiexec can start ranks there. */
const MPI = { plugins: null, mpiexec: true, agent: null, own: null };

const running = (schedulerId: string, jobId: string): QueueEntry => ({
  schedulerId,
  jobId,
  state: 'running',
  end: null,
  reason: null,
  wait: null,
  estimatedStart: null
});

schedulerSuite({
  scheduler: local,
  withoutDirectives: 'nothing reads them on This machine',
  exact: {
    'the least': {
      form: {},
      directives: [],
      submit: [
        'bash',
        '-c',
        START,
        'start',
        '15',
        '600',
        '/home/ada/jobs/k3v9x2ab/script.sh',
        '/home/ada/jobs/k3v9x2ab/logs/job.log'
      ],
      launch: { argv: [], rank: null, nodes: null, mpi: MPI }
    },
    'two cores an engine and two days': {
      form: { cores: 8, coresPerEngine: 2, time: '2-00:00:00' },
      directives: [],
      submit: [
        'bash',
        '-c',
        START,
        'start',
        '15',
        '172800',
        '/home/ada/jobs/k3v9x2ab/script.sh',
        '/home/ada/jobs/k3v9x2ab/logs/job.log'
      ],
      launch: { argv: [], rank: null, nodes: null, mpi: MPI }
    }
  },
  submitted: { '4711\n': '4711', '4711': '4711', '2\n': '2', '4194304\n': '4194304' },
  notSubmitted: [
    '[1] 4711\n',
    '4711 running\n',
    ' 4711\n',
    '4711.5\n',
    '0x12\n',
    '+4711\n',
    '047\n'
  ],
  limits: null,
  refused: { 'bash: fork: retry: Resource temporarily unavailable\n': null },
  queues: {
    'no_job.txt': [],
    'one_job.txt': [running('5', 'k3v9x2ab')],
    'look_alikes.txt': [running('4', 'k3v9x2ab'), running('8', 'b7q1m0zt')],
    'blanks_and_quotes_in_the_folder.txt': [running('4', 'k3v9x2ab')],
    'letters_lost_in_the_c_locale.txt': [running('4', 'k3v9x2ab')],
    'defunct_leader.txt': [],
    'leader_killed.txt': []
  },
  pasts: {}
});
