import { launchOnHosts } from '../launchOnHosts';
import { onlyId } from '../onlyId';
import type { Scheduler } from '../scheduler';
import { BOTH } from './both';
import { CANCEL_TORQUE, END_SIGNAL } from './cancel';
import { TORQUE_OPTIONS, directiveProblems, directiveWordsOf } from './directives';
import { TORQUE_CODES, parsePast, pastArgv } from './ends';
import { HOSTS, LAUNCH_TORQUE } from './launch';
import { memory, nodesOption, perNode } from './nodes';
import { options, walltime } from './options';
import { parseStatus } from './queue';
import { SUBMIT_TORQUE } from './submit';

/** The whole id; a site may leave out the name of the server (display_job_server_suffix). */
const SUBMITTED = /^(\d{1,19}\.[A-Za-z0-9][\w.-]{0,99}|[1-9]\d{0,18})\s*$/;

/** Torque, with whichever scheduler a site runs beside it. */
export const torque: Scheduler = {
  ...BOTH,
  name: 'torque',
  // Grid Engine's qstat, and those that speak so over Slurm, know no such word.
  detect: {
    program: 'qsub',
    whose: { argv: ['qstat', '--version'], parse: output => /^version: \d/im.test(output) }
  },
  variables: ['PBS_DEFAULT', 'TORQUEHOME', 'LD_LIBRARY_PATH'],
  endSignal: END_SIGNAL,
  directiveProblems: ({ spec }) => directiveProblems(spec.directives, TORQUE_OPTIONS),
  submitArgv: job => {
    const { coresPerEngine, engines } = job.spec;
    const each = perNode(job.spec).map(word => `:${word}`);
    return [
      'bash',
      '-c',
      SUBMIT_TORQUE,
      'submit',
      job.script,
      job.log,
      nodesOption(job.spec),
      String(engines),
      String(coresPerEngine),
      each.join(''),
      [walltime(job.spec), ...memory(job.spec)].join(','),
      ...options(job),
      ...job.spec.directives.flatMap(directiveWordsOf)
    ];
  },
  parseJobId: output => onlyId(output, SUBMITTED),
  cancelArgv: ({ schedulerId }) => ['bash', '-c', CANCEL_TORQUE, 'cancel', schedulerId],
  parseStatus: output => parseStatus(output, TORQUE_CODES),
  // It forgets a job some minutes after its end (keep_completed).
  records: { argv: ids => pastArgv(['-f'], ids), parse: output => parsePast(output, TORQUE_CODES) },
  // A line of the file of hosts is a core. Its one pbsdsh cannot do for what an mpiexec starts host by host: that takes ssh.
  launch: spec =>
    launchOnHosts(spec, {
      script: LAUNCH_TORQUE,
      hosts: HOSTS,
      slots: spec.coresPerEngine,
      agent: null
    })
};
