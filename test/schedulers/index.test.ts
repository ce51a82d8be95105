import { expect, test } from 'vitest';
import { SCHEDULERS } from '../../src/api/cluster';
import { schedulers } from '../../src/schedulers';

/** What `qstat -help`, `qstat --version` or `bsub -V` prints of each, as their sources have it; and of what is none of them. */
const SAID: Record<string, { said: string; is: string[] }> = {
  'Grid Engine': { said: 'SGE 8.1.9\nusage: qstat [options]\n', is: ['gridengine'] },
  OpenPBS: { said: 'pbs_version = 23.06.06\n', is: ['pbspro'] },
  'an old PBS Pro': { said: 'pbs_version = PBSPro_11.3.0.121723\n', is: ['pbspro'] },
  Torque: {
    said: 'Version: 6.1.2\nCommit: 661e092552de43a785c15d39a3634a541d86898e\n',
    is: ['torque']
  },
  'an old Torque': { said: 'version: 2.5.7\n', is: ['torque'] },
  'PBS, asked for what it does not know': {
    said: "qstat: invalid option -- 'h'\nusage: \nqstat [-f] [-J] [-p] [-t] [-x]\n",
    is: []
  },
  "Slurm's words for Torque's commands": {
    said: 'Unknown option: version\nUsage:\n    qstat [-f] [-a|-i|-n|-s|-G|-M] [jobid...]\n',
    is: []
  },
  LSF: { said: 'IBM Spectrum LSF Standard 10.1.0.14, Apr 20 2023\n', is: ['lsf'] },
  'an old LSF': { said: 'Platform LSF 9.1.3.0, Jul 04 2014\n', is: ['lsf'] },
  OpenLava: { said: 'OpenLava Project 4.0, Oct 1 2016\n', is: [] },
  "Slurm's words for LSF's commands": { said: 'Unknown option: V\nUsage:\n    bsub\n', is: [] },
  'a Grid Engine that is set up nowhere': {
    said: 'error: SGE_ROOT directory "/nonexist" doesn\'t exist\n',
    is: []
  }
};

test.each(Object.entries(SAID))('%s is told from the others', (_, { is, said }) => {
  const noisy = `Welcome to version 3 of the cluster\n${said}`;
  const known = SCHEDULERS.filter(name => schedulers[name].detect?.whose?.parse(noisy) ?? false);
  expect(known).toEqual(is);
});

test('no system is asked by a command that another would submit something by', () => {
  for (const name of SCHEDULERS) {
    expect(schedulers[name].detect?.whose?.argv[0]).not.toBe('qsub');
  }
});
