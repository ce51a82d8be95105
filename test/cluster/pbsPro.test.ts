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
  made => ranks(made, { mpich: { nodes: 4 }, openmpi: { nodes: 4 } })
);
