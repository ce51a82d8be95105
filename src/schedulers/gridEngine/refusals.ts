import type { Refusal } from '../../api/refusals';
import { NO_ENVIRONMENT } from './submit';

/**
 * What qsub says when it submits nothing, the first that fits counts: the words of 8.1.9's programs, and where they differ
 * those of older ones (msg_qmaster.h, cl_commlib).
 */
const ANSWERS: readonly [RegExp, Refusal | 'unclear'][] = [
  // The request may have been taken when no answer came.
  [/got (?:read|receive) error|got (?:read|send) timeout|receive timeout error/, 'unclear'],
  [
    /unable to (?:send message to|contact) qmaster|commlib error|sge_gethostbyname failed/,
    'unreachable'
  ],
  [/SGE_ROOT|unable to read qmaster name|uses \w* ?GDI version/, 'unreachable'],
  [/qsub: (?:command )?not found/, 'no-command'],
  [/temporarily rejected job|Job is rejected temporarily/, 'busy'],
  [new RegExp(`${NO_ENVIRONMENT}|requested parallel environment`), 'parallel-environment'],
  [/requests unknown queue|requests a queue while queues are not/, 'queue'],
  [
    /project "[^"]*" (?:does not exist|is not allowed to submit)|no access to project|no project (?:was supplied|assigned)/,
    'account'
  ],
  // The time that is asked for is ours: a duration is all that an advance reservation may find wrong with it.
  [/job duration (?:is longer than|exceeds)/, 'time'],
  [/job rejected: only \d+ jobs are allowed/i, 'limits'],
  [/(?:user|group) id \d+ is lower than|is (?:not a|no|neither) submit/, 'not-allowed'],
  [/is not allowed to submit jobs|not allowed to run in any queue/, 'not-allowed'],
  [/access denied|rejected because authentication failed|no matching department/, 'not-allowed'],
  [/the user "[^"]*" does not exist|does not match credentials/, 'not-allowed'],
  [/no suitable queues/, 'no-queue-fits'],
  [/unknown resource|Unknown option|invalid option|ERROR! |is not a time value/i, 'directives'],
  [/denied: use parallel environments|missing value for re(?:source|quest)/, 'directives'],
  [/contains invalid value|is not a complex attribute|soft requests on consumables/, 'directives'],
  [/requested checkpointing environment|the advance reservation|requires valid/, 'directives'],
  [/operator privileges|deadline initiation user|job "[^"]*" not found/, 'directives'],
  [/Unable to read script file|no script in your request/, 'script']
];

/**
 * Sorts what qsub said when it ended with a status other than 0; null where the text is none that we know, such as what a
 * site's own check of jobs says (JSV).
 */
export function parseRefusal(output: string): Refusal | 'unclear' | null {
  return ANSWERS.find(([pattern]) => pattern.test(output))?.[1] ?? null;
}
