import { ranks } from './ranks';
import { startStandIn, whyNoStandIn } from './standIn';
import { wholeJobs } from './wholeJobs';

wholeJobs(
  {
    name: 'What stands for LSF',
    prefix: 'lsfj',
    reason: whyNoStandIn(),
    start: () => startStandIn(__filename, 'lsf'),
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
    // Without -s, it kills a job on several hosts at once, and nobody hears of it for minutes.
    outside: { command: id => `bkill -s TERM ${id}`, by: 'cluster' },
    list: 'bjobs -noheader -o jobid',
    homeless: null,
    // The job's own clock ends it in time, and what LSF says when it is away is in test/schedulers/lsf.
    isLikeAnother: true,
    hold: '-H',
    held: { wait: 'held-by-you' },
    refused: [
      [{ queue: 'nope' }, 'queue'],
      [{ queue: 'down' }, 'queue-not-allowed'],
      [{ queue: 'others' }, 'queue-not-allowed'],
      [{ queue: 'short', time: '2h' }, 'time'],
      [{ directives: ['-R "nonsense[1]"'] }, 'directives']
    ],
    server: 'server'
  },
  made => ranks(made, { openmpi: { nodes: 4 } })
);
