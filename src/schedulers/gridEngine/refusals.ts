import type { Refusal } from '../../api/refusals';
import { NO_ENVIRONMENT } from './submit';

/** What qsub says when it submits nothing, the first that fits counts; each was printed by 8.1.9. */
const ANSWERS: readonly [RegExp, Refusal | 'unclear'][] = [
  // The request may have been taken when no answer came.
  [/got (?:read|receive) error|timeout .*(?:qmaster|waiting)/i, 'unclear'],
  [
    /unable to (?:send message to|contact) qmaster|commlib error|sge_gethostbyname failed/,
    'unreachable'
  ],
  [/SGE_ROOT|unable to read qmaster name/, 'unreachable'],
  [/qsub: (?:command )?not found/, 'no-command'],
  [new RegExp(`${NO_ENVIRONMENT}|requested parallel environment`), 'parallel-environment'],
  [/unknown queue|requests unknown queue/, 'queue'],
  [/project "[^"]*" does not exist|is not allowed to submit jobs into the project/, 'account'],
  [/is not a time value/, 'time'],
  [/no suitable queues/, 'no-queue-fits'],
  [
    /job rejected: (?:only|.*exceed)|would exceed the limit|max_u_jobs|maximum of \d+ jobs|allowed to have only/,
    'limits'
  ],
  [
    /user id \d+ is lower than|is not a submit host|access denied|not allowed to submit/,
    'not-allowed'
  ],
  [
    /unknown resource|Unknown option|Invalid option|denied: use parallel environments/,
    'directives'
  ],
  [/Unable to read script file|no script in your request/, 'script']
];

/** Sorts what qsub said when it ended with a status other than 0; null where the text is none that we know. */
export function parseRefusal(output: string): Refusal | 'unclear' | null {
  return ANSWERS.find(([pattern]) => pattern.test(output))?.[1] ?? null;
}
