import { launchOnHosts } from '../launchOnHosts';
import { onlyId } from '../onlyId';
import type { Scheduler } from '../scheduler';
import { BOTH } from './both';
import { CANCEL_PBS_PRO } from './cancel';
import { PBS_PRO_OPTIONS, directiveProblems, directiveWordsOf } from './directives';
import { PBS_PRO_CODES, parsePast, pastArgv } from './ends';
import { AGENT_PBS_PRO, HOSTS, LAUNCH_PBS_PRO } from './launch';
import { options, walltime } from './options';
import { parseStatus } from './queue';
import { selectOptions } from './select';
import { SUBMIT_PBS_PRO } from './submit';

/** The whole id, from `0.server` on: its commands may want the server's name. */
const SUBMITTED = /^(\d{1,19}\.[A-Za-z0-9][\w.-]{0,99})\s*$/;

/** PBS Professional, and OpenPBS, which it has become. */
export const pbsPro: Scheduler = {
  ...BOTH,
  name: 'pbspro',
  // Of several that have a qsub, only this prints that; qstat submits nothing, whatever it takes its words for.
  detect: {
    program: 'qsub',
    whose: { argv: ['qstat', '--version'], parse: output => /^pbs_version = /m.test(output) }
  },
  variables: ['PBS_CONF_FILE', 'PBS_EXEC', 'PBS_SERVER', 'PBS_PRIMARY', 'PBS_DEFAULT'],
  // TERM comes to all processes of a job on its first host, and KILL some seconds later (kill_delay).
  endSignal: null,
  directiveProblems: ({ spec }) => directiveProblems(spec.directives, PBS_PRO_OPTIONS),
  submitArgv: job => {
    const own = job.spec.directives.flatMap(directiveWordsOf);
    return [
      'bash',
      '-c',
      SUBMIT_PBS_PRO,
      'submit',
      job.script,
      job.log,
      ...options(job),
      '-l',
      walltime(job.spec),
      ...selectOptions(job.spec, own),
      ...own
    ];
  },
  parseJobId: output => onlyId(output, SUBMITTED),
  cancelArgv: ({ schedulerId }) => ['bash', '-c', CANCEL_PBS_PRO, 'cancel', schedulerId],
  parseStatus: output => parseStatus(output, PBS_PRO_CODES),
  records: {
    argv: ids => pastArgv(['-f', '-x'], ids),
    parse: output => parsePast(output, PBS_PRO_CODES)
  },
  // A line of the file of hosts is an engine. An mpiexec would take ssh to them, which few sites let in, and PBS would not know.
  launch: spec =>
    launchOnHosts(spec, {
      script: LAUNCH_PBS_PRO,
      hosts: HOSTS,
      slots: 1,
      agent: { script: AGENT_PBS_PRO, hydra: true }
    })
};
