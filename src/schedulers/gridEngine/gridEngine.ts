import type { JobSpec } from '../../api/jobSpec';
import { launchOnHosts } from '../launchOnHosts';
import { onlyId } from '../onlyId';
import type { BatchJob, Scheduler } from '../scheduler';
import { directiveProblems, directiveWordsOf } from './directives';
import { parsePast, pastArgv } from './ends';
import { AGENT, END_SIGNAL, LAUNCH } from './launch';
import { limitsArgv, parseLimits } from './limits';
import { parseStatus, statusArgv } from './queue';
import { parseRefusal } from './refusals';
import { SUBMIT } from './submit';

/** What qstat shows of a name without `-r` is shorter; qacct keeps all of it. */
const NAME_LENGTH = 128;

/** What `qsub -terse` prints, and what a wrapper of a site prints that leaves it out. */
const SUBMITTED = /^(?:Your job )?([1-9]\d{0,18})(?: \("[^"]*"\) has been submitted)?\s*$/;

/** Ends a job; that it is gone already is no failure. */
const CANCEL = `said=$(qdel "$1" 2>&1)
status=$?
printf '%s\\n' "$said" >&2
case $said in *"does not exist"*) exit 0;; esac
exit "$status"`;

/** Grid Engine: Son of Grid Engine 8.1.9 was met, of which others differ little. */
export const gridEngine: Scheduler = {
  name: 'gridengine',
  // PBS and Torque have commands of these names, too; their qsub would take `-help` for a request, and submit a job.
  detect: {
    program: 'qsub',
    whose: {
      argv: ['qstat', '-help'],
      parse: output => /^(?:SGE|OGS|GE|UGE|AGE|OCS|GCS|Grid Engine|Univa|Altair)\b/m.test(output)
    }
  },
  variables: [
    'SGE_ROOT',
    'SGE_CELL',
    'SGE_QMASTER_PORT',
    'SGE_EXECD_PORT',
    'SGE_CLUSTER_NAME',
    'LD_LIBRARY_PATH'
  ],
  supports: [
    'coresPerEngine',
    'launcher',
    'queue',
    'parallelEnvironment',
    'account',
    'email',
    'directives'
  ],
  // What a host has told of a job when the queue forgets it may be half a minute late (execd after an outage of qmaster).
  absence: { confirmSeconds: 30, filesSeconds: 180, meansKilled: false },
  queuePace: { firstSeconds: 15, longestSeconds: 60 },
  // KILL comes as late as the queue says, a minute later mostly.
  endSignal: END_SIGNAL,
  // Run it again; and leave it in the queue, in error.
  orders: [99, 100],
  idWord: '"$JOB_ID"',
  // A parallel environment is chosen as the job is submitted: the command line has everything.
  directives: () => [],
  directiveProblems: ({ spec }) => directiveProblems(spec.directives),
  submitArgv: job => [
    'bash',
    '-c',
    SUBMIT,
    'submit',
    job.script,
    job.log,
    String(slotsOf(job.spec)),
    job.spec.engines === 0 ? 'one host' : 'any hosts',
    job.spec.parallelEnvironment ?? '',
    job.spec.queue ?? '',
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
  // MPICH's mpiexec knows Grid Engine. Open MPI's does where it was built for it, which what pip installs was not.
  launch: spec =>
    launchOnHosts(spec, {
      script: LAUNCH,
      hosts: 'PE_HOSTFILE',
      slots: spec.coresPerEngine,
      agent: { script: AGENT, hydra: false }
    })
};

/** A slot is a core. */
function slotsOf({ cores, coresPerEngine, engines }: JobSpec): number {
  return engines === 0 ? cores : engines * coresPerEngine;
}

/** What is asked for, as options of qsub. */
function options({ id, spec }: BatchJob): string[] {
  const { account, email, name, queue, timeSeconds } = spec;
  return [
    '-N',
    jobName(id, name),
    // The script may begin with anything: without it, /bin/sh would run it, and `#$` anywhere in it would be an option.
    '-S',
    '/bin/bash',
    '-C',
    '',
    '-j',
    'y',
    '-r',
    'n',
    '-notify',
    '-l',
    `h_rt=${timeSeconds}`,
    // Else what no queue could ever start would wait for ever.
    '-w',
    'e',
    ...(queue === undefined ? [] : ['-q', queue]),
    ...(account === undefined ? [] : ['-P', account]),
    ...(email === undefined ? [] : ['-M', email, '-m', 'ea'])
  ];
}

/** Characters that Grid Engine refuses in a name (sge_types(1)), and those that others might not like, become `_`. */
function jobName(id: string, name: string): string {
  return `${id}-${name}`.replace(/[^A-Za-z0-9_.+-]/g, '_').slice(0, NAME_LENGTH);
}
