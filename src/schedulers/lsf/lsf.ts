import { launchOnHosts } from '../launchOnHosts';
import { onlyId } from '../onlyId';
import type { Scheduler } from '../scheduler';
import { CANCEL } from './cancel';
import { directiveProblems, directiveWordsOf } from './directives';
import { AGENT, END_SIGNAL, LAUNCH } from './launch';
import { limitsArgv, parseLimits } from './limits';
import { nodesProblems, options } from './options';
import { parsePast, parseStatus, pastArgv, statusArgv } from './queue';
import { parseRefusal } from './refusals';
import { SUBMIT } from './submit';

/** A line that names the job that was made; what esub programs of a site print stands around it. */
const SUBMITTED = /^Job <([1-9]\d{0,18})> is submitted to\b/;

/** LSF, from 9.1 on, by IBM's documents of 10.1 and what others have recorded. */
export const lsf: Scheduler = {
  name: 'lsf',
  // OpenLava and a wrapper around Slurm have a command of this name, too, and answer otherwise than LSF does.
  detect: {
    program: 'bsub',
    whose: {
      argv: ['bsub', '-V'],
      parse: output => /^(?:IBM |Platform |Spectrum )+LSF\b/m.test(output)
    }
  },
  variables: ['LSF_ENVDIR', 'LSF_SERVERDIR', 'LSF_BINDIR', 'LSF_LIBDIR', 'LD_LIBRARY_PATH'],
  supports: [
    'coresPerEngine',
    'nodes',
    'enginesPerNode',
    'launcher',
    'queue',
    'account',
    'reservation',
    'gpusPerNode',
    'gpuType',
    'email',
    'directives'
  ],
  absence: { confirmSeconds: 60, filesSeconds: 180, meansKilled: false },
  queuePace: { firstSeconds: 15, longestSeconds: 60 },
  endSignal: END_SIGNAL,
  orders: [],
  idWord: '"$LSB_JOBID"',
  // `#BSUB` counts only in what bsub reads from its standard input: the command line has everything.
  directives: () => [],
  directiveProblems: ({ spec }) => [...nodesProblems(spec), ...directiveProblems(spec)],
  submitArgv: job => [
    'bash',
    '-c',
    SUBMIT,
    'submit',
    job.script,
    job.log,
    ...options(job),
    ...job.spec.directives.flatMap(directiveWordsOf)
  ],
  parseJobId: output => onlyId(output, SUBMITTED),
  parseRefusal,
  cancelArgv: ({ schedulerId }) => ['bash', '-c', CANCEL, 'cancel', schedulerId],
  statusArgv,
  parseStatus,
  records: { argv: pastArgv, parse: parsePast },
  limits: { argv: limitsArgv(), parse: parseLimits },
  // Most MPI know LSF (blaunch); what pip installs of Open MPI does not.
  launch: spec =>
    launchOnHosts(spec, {
      script: LAUNCH,
      hosts: 'LSB_DJOB_HOSTFILE',
      slots: spec.coresPerEngine,
      agent: { script: AGENT, hydra: false }
    })
};
