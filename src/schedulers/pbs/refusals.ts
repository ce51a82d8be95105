import type { Refusal } from '../../api/refusals';

/**
 * What the qsub of either says when it submits nothing, the first that fits counts (pbs_messages.c and qsub.c of OpenPBS,
 * pbs_error_db.h, svr_jobfunc.c and qsub_functions.c of Torque). Torque puts the server's own words behind `MSG=`.
 */
const ANSWERS: readonly [RegExp, Refusal | 'unclear'][] = [
  // The request was sent, and its answer never came: it may have been taken. Torque's tries again by itself.
  [/Connection to server timed out/, 'unclear'],
  // No connection: nothing was sent.
  [
    /cannot connect to server|Could not connect to batch server|Can not establish connection/,
    'unreachable'
  ],
  [/Unable to communicate with|could not connect to trqauthd/, 'unreachable'],
  [
    /No server specified|No free connections|Failed to load configuration parameters/,
    'unreachable'
  ],
  [/Could not resolve host name|Server shutting down/, 'unreachable'],
  [/Batch protocol error|Communication failure|Socket close detected|End of File/, 'unclear'],
  [/Error in socket select|Bad DIS based Request Protocol/, 'unclear'],
  [/Error (?:reading|writing) data (?:from|to) socket|SIGPIPE received|\bTime out\b/, 'unclear'],
  [/qsub: (?:command )?not found/, 'no-command'],
  [
    /too busy to (?:service|run)|Possible transient failure|connection table full|temporarily unavailable/,
    'busy'
  ],
  [/Unknown queue|No default queue|cannot locate queue|illegally formed destination/, 'queue'],
  [
    /Access to queue is denied|Queue is not enabled|queue is disabled|ACL (?:is not satisfied|rejected)|accepts only routed jobs|currently not available/,
    'queue-not-allowed'
  ],
  // Such as those that run a job again, which ours never does.
  [/Queue does not allow/, 'queue-not-allowed'],
  [/Invalid Account/i, 'account'],
  [/walltime/i, 'time'],
  [/\bmem\b/, 'memory'],
  [/\bngpus\b/, 'gpus'],
  [/Maximum number of jobs|would exceed .*limit|jobs exceeds the queue limit/, 'limits'],
  [/Bad [UG]ID for job execution|Unauthorized Request|Access from host not allowed/, 'not-allowed'],
  [
    /Invalid credential|Expired credential|unable to authenticate|not allowed\/trusted/,
    'not-allowed'
  ],
  [/cannot locate feasible nodes|Unknown node |Server has no node list/i, 'node-size'],
  [/conflicts with the queue's default resources/, 'no-queue-fits'],
  [/violates queue|exceeds queue resource limits|cannot satisfy \S+ max/i, 'no-queue-fits'],
  [/Resource limit exceeds allowable|rejected by all possible destinations/, 'no-queue-fits'],
  [/Unknown resource|Illegal attribute or resource value|Undefined attribute/, 'directives'],
  [/Cannot set attribute, read only|invalid in "select" specification/i, 'directives'],
  [/"-lresource="|with select or place|duplicated resource|node\(s\) specification/, 'directives'],
  [/qsub: illegal -|invalid option|usage: qsub|Invalid Job Dependency/, 'directives'],
  [/Error \(\d+(?: - [^)]*)?\) submitting job/, 'unclear'],
  [
    /jobscript size exceeded|script (?:contains cr|not a file)|cannot access script file|script file::?/,
    'script'
  ]
];

/** Sorts what qsub said when it ended with a status other than 0; null where the text is none that we know. */
export function parseRefusal(output: string): Refusal | 'unclear' | null {
  return ANSWERS.find(([pattern]) => pattern.test(output))?.[1] ?? null;
}
