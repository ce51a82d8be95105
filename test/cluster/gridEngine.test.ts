import { startGridEngine, whyNoGridEngine } from './gridEngine';
import { wholeJobs } from './wholeJobs';

wholeJobs({
  name: 'Grid Engine',
  prefix: 'gr1d',
  reason: whyNoGridEngine(),
  start: () => startGridEngine(__filename),
  spread: {
    form: { cores: 16 },
    hosts: [
      ['gx1', 4],
      ['gx2', 4],
      ['gx3', 4],
      ['gx4', 4]
    ],
    log: 'Parallel environment: mpi\n'
  },
  eight: { parallelEnvironment: 'orte' },
  outside: { command: id => `qdel ${id}`, by: 'cluster' },
  list: "qstat | awk '{ print $1 }'",
  homeless: null,
  isLikeAnother: false,
  held: { reason: 'Job is in hold state' },
  refused: [
    [{ cores: 2, parallelEnvironment: 'nope' }, 'parallel-environment'],
    [{ cores: 2000 }, 'parallel-environment'],
    [{ queue: 'nope.q' }, 'queue'],
    [{ queue: 'short.q', time: '2h' }, 'no-queue-fits'],
    [{ cores: 64 }, 'no-queue-fits'],
    [{ account: 'nope' }, 'account'],
    [{ directives: ['-l nope=1'] }, 'directives']
  ],
  server: 'qmaster'
});
