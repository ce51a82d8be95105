import { startStandIn, whyNoStandIn } from './standIn';
import { wholeJobs } from './wholeJobs';

wholeJobs({
  name: 'What stands for Torque',
  prefix: 'torq',
  reason: whyNoStandIn(),
  start: () => startStandIn(__filename, 'torque'),
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
  // Two nodes of four cores are found.
  eight: {},
  // Torque kills what is left of a job at once, and nobody hears of it for minutes.
  outside: null,
  list: 'qselect -s QHR',
  homeless: (cluster, is) => {
    for (const host of ['gx1', 'gx2', 'gx3', 'gx4']) {
      cluster.control(`no-home-${host}`, is ? '' : null);
    }
  },
  isLikeAnother: true,
  held: { wait: 'held-by-you' },
  refused: [
    [{ queue: 'nope' }, 'queue'],
    [{ queue: 'down' }, 'queue-not-allowed'],
    [{ queue: 'others' }, 'queue-not-allowed'],
    [{ queue: 'short', time: '2h' }, 'time'],
    [{ directives: ['-l nope=1'] }, 'directives']
  ],
  server: 'server'
});
