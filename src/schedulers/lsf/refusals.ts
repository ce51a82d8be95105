import type { Refusal } from '../../api/refusals';

/**
 * What bsub says when it submits nothing, the first that fits counts: LSF itself (lsb/err.c of OpenLava, and what newer ones were
 * seen to print), and above that the site's own words, where its esub has refused.
 */
const ANSWERS: readonly [RegExp, Refusal | 'unclear'][] = [
  // The request may have been taken when no answer came.
  [/Communication time ?out|Batch protocol error|XDR encode\/decode error|End of file/i, 'unclear'],
  [/socket operation has failed|Failed in (?:sending|receiving) a message/i, 'unclear'],
  [/LSF is (?:down|processing your request)|Cannot connect to LSF|not responding/i, 'unreachable'],
  [/LIM is down|Master LIM|LIM configuration is not ready|Unable to contact/i, 'unreachable'],
  [/Timeout on connect call to server|Connection refused by server/, 'unreachable'],
  [/Bad configuration environment|Unable to open (?:file )?lsf\.conf|lsf\.conf: /i, 'unreachable'],
  [/bsub: (?:command )?not found/, 'no-command'],
  [/No such queue|Queue name must be specified/, 'queue'],
  [/User cannot use the queue|Queue has been closed/, 'queue-not-allowed'],
  [/Queue (?:only accepts|does not accept)/, 'queue-not-allowed'],
  [/Invoker is not in specified project|not a member of the specified project/i, 'account'],
  [/\bproject\b.*(?:not specified|not valid|invalid|does not exist|unknown)/i, 'account'],
  [/User not in the specified user group|Bad user group name/, 'account'],
  [/RUNLIMIT: Cannot exceed/, 'time'],
  [/(?:MEM|SWAP)LIMIT: Cannot exceed|RESRSV_LIMIT/, 'memory'],
  [/Cannot exceed queue's resource reservation/, 'memory'],
  [/Too many processors requested/, 'cores'],
  [/Cannot exceed queue's hard limit|reached its (?:pending )?job limit/, 'limits'],
  [/not have enough .*job slots|pending job threshold/i, 'limits'],
  [/\bgpu\b.*(?:syntax|invalid|not (?:supported|allowed|valid))|Bad GPU|gmodel/i, 'gpus'],
  [/(?:Bad|Invalid|Unknown|No such) (?:advance )?reservation/i, 'reservation'],
  [/\breservation\b.*(?:does not exist|not found|expired)/i, 'reservation'],
  [/Bad host name, host group name or cluster name/, 'node-names'],
  [/Bad resource requirement syntax|Bad resource name|No resource defined/, 'directives'],
  [/Error (?:in|near|with) .*(?:section|duplicate|requirement)/, 'directives'],
  [/Bad (?:argument|time specification|host specification)/, 'directives'],
  [/Dependency condition syntax error|(?:illegal|invalid) option|Empty job/i, 'directives'],
  [/User permission denied|Root job submission is disabled|Unknown user/, 'not-allowed'],
  [/non-LSF host rejected|authentication failed/, 'not-allowed']
];

/**
 * Sorts what bsub said when it ended with a status other than 0, 255 mostly; null where the text is none that we know, such as what
 * a site's esub says (`Request aborted by esub`).
 */
export function parseRefusal(output: string): Refusal | 'unclear' | null {
  return ANSWERS.find(([pattern]) => pattern.test(output))?.[1] ?? null;
}
