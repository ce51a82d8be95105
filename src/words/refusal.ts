import type { Cause } from '../api/causes';
import type { Refusal } from '../api/refusals';
import type { Translator } from '../api/translation';
import type { Explanation } from './explanation';

type Refused = Extract<Cause, { code: 'refused' }>;
type Words = Pick<Explanation, 'title' | 'advice'>;

/** Why the cluster did not take a job, and what to change; `text` is what it said itself. */
export function refusalWords(
  { reason, text, word }: Pick<Refused, 'reason' | 'text' | 'word'>,
  trans: Translator
): Words {
  if (reason !== null) {
    return SENTENCES[reason](trans);
  }
  return {
    title:
      word === undefined
        ? trans.__('The cluster refused the job.')
        : trans.__('The cluster refused the job (%1).', word),
    advice:
      text.trim() === ''
        ? trans.__('It did not say why: its administrators may know, or try the same by hand.')
        : trans.__('Its own answer is below; change what it names and submit again.')
  };
}

/** The same in a few words. */
export function refusalLine(refusal: Refusal | null, trans: Translator): string {
  switch (refusal) {
    case 'busy':
      return trans.__('the cluster takes no jobs at the moment');
    case 'unreachable':
      return trans.__('the scheduler could not be reached');
    case 'no-command':
      return trans.__('the scheduler was not found');
    default:
      return trans.__('refused by the cluster');
  }
}

const SENTENCES: Record<Refusal, (trans: Translator) => Words> = {
  queue: trans => ({
    title: trans.__('The cluster refused the job: it has no queue of this name.'),
    advice: trans.__('Choose another queue, or leave it empty for the default one.')
  }),
  'queue-not-allowed': trans => ({
    title: trans.__('The cluster refused the job: this queue is not open to you, or closed.'),
    advice: trans.__('Choose another queue, or leave it empty for the default one.')
  }),
  account: trans => ({
    title: trans.__(
      'The cluster refused the job: this account cannot be used, at least not in this queue.'
    ),
    advice: trans.__('Choose one of your accounts, or leave it empty for your default one.')
  }),
  qos: trans => ({
    title: trans.__('The cluster refused the job: this QoS cannot be used with your account.'),
    advice: trans.__('Choose another QoS, or leave it empty for your default one.')
  }),
  time: trans => ({
    title: trans.__(
      'The cluster refused the job: its time is longer than the queue or your account allows.'
    ),
    advice: trans.__('Ask for less time, or choose another queue.')
  }),
  'time-missing': trans => ({
    title: trans.__('The cluster refused the job: it says that no time was asked for.'),
    advice: trans.__('Look for a directive of your own that takes the time away.')
  }),
  nodes: trans => ({
    title: trans.__(
      'The cluster refused the job: the queue does not have, or allow, so many nodes.'
    ),
    advice: trans.__('Ask for fewer nodes, or choose another queue.')
  }),
  'node-names': trans => ({
    title: trans.__('The cluster refused the job: the queue has no nodes of these names.'),
    advice: trans.__('Correct the directive that names nodes, or leave it away.')
  }),
  cores: trans => ({
    title: trans.__('The cluster refused the job: it asks for more cores than there are.'),
    advice: trans.__('Ask for fewer cores, fewer cores per engine, or spread them over more nodes.')
  }),
  memory: trans => ({
    title: trans.__('The cluster refused the job: no node has so much memory.'),
    advice: trans.__('Ask for less memory per core, or spread the engines over more nodes.')
  }),
  gpus: trans => ({
    title: trans.__('The cluster refused the job: it does not have these GPUs.'),
    advice: trans.__('Ask for fewer GPUs, for another kind, or choose a queue that has them.')
  }),
  constraint: trans => ({
    title: trans.__(
      'The cluster refused the job: no node has the feature that the constraint names.'
    ),
    advice: trans.__('Correct the constraint, or leave it empty.')
  }),
  reservation: trans => ({
    title: trans.__('The cluster refused the job: this reservation is over, or not yours.'),
    advice: trans.__('Choose another reservation, or leave it empty.')
  }),
  licenses: trans => ({
    title: trans.__('The cluster refused the job: it does not have this license.'),
    advice: trans.__('Correct the directive that names it.')
  }),
  'node-size': trans => ({
    title: trans.__('The cluster refused the job: no node has what it asks for of each.'),
    advice: trans.__(
      'Ask for less of each node: fewer cores, less memory or fewer GPUs, or more nodes for the same.'
    )
  }),
  'parallel-environment': trans => ({
    title: trans.__('The cluster refused the job: it has no such parallel environment.'),
    advice: trans.__(
      'Name another one, or ask for fewer cores: its answer below says what was looked for. The administrators know which one is for jobs on several hosts.'
    )
  }),
  'no-queue-fits': trans => ({
    title: trans.__('The cluster refused the job: no queue could ever run it as asked.'),
    advice: trans.__('Ask for less time or fewer cores, or choose another queue.')
  }),
  'not-allowed': trans => ({
    title: trans.__('The cluster refused the job: this login may not submit any.'),
    advice: trans.__(
      'Its answer below says whether it is the account or the host; another login node may take it, and the administrators know.'
    )
  }),
  limits: trans => ({
    title: trans.__('The cluster refused the job: it is more than your account may have.'),
    advice: trans.__(
      'Name your account (project) if you have not: some sites answer so where it is missing. Otherwise wait until others of your jobs are over, or ask for less: fewer cores, less time.'
    )
  }),
  directives: trans => ({
    title: trans.__('The cluster refused the job: it does not understand one of its options.'),
    advice: trans.__('Look at your own directives; its answer below names what is wrong.')
  }),
  script: trans => ({
    title: trans.__('The cluster refused the job: it cannot read the script.'),
    advice: trans.__('Look at your own lines in it for what does not belong there.')
  }),
  busy: trans => ({
    title: trans.__('The cluster takes no more jobs at the moment, so this one was not submitted.'),
    advice: trans.__('Submit it again later.')
  }),
  unreachable: trans => ({
    title: trans.__("The cluster's scheduler could not be reached, so the job was not submitted."),
    advice: trans.__('It may be down for maintenance. Submit it again when it is back.')
  }),
  'no-command': trans => ({
    title: trans.__("The cluster's scheduler was not found, so the job was not submitted."),
    advice: trans.__(
      'Is this the right host, and the right scheduler in the settings? Its command is missing there.'
    )
  })
};
