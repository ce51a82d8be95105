import type { JobRecord } from '../api/job';
import type { Translator } from '../api/translation';
import { type Wait, neverStarts } from '../api/waiting';
import type { Explanation } from './explanation';

type Queue = NonNullable<JobRecord['queue']>;

/** Why a job waits, in a few words, or in the scheduler's own where there are none; empty when nothing says it. */
export function waitLine(
  { place, reason, wait }: Pick<Queue, 'place' | 'reason' | 'wait'>,
  trans: Translator
): string {
  if (wait === 'turn' && place !== undefined) {
    return place === 1
      ? trans.__('next in the queue of this machine')
      : trans.__('number %1 in the queue of this machine', place);
  }
  return wait === null ? (reason ?? '') : SENTENCES[wait](trans).line;
}

/** What somebody has to know and to do whose job does not start by itself; null where waiting is all. */
export function waitWords(job: JobRecord, trans: Translator): Explanation | null {
  const { queue, state } = job;
  if (state !== 'queued' || queue === null || queue.wait === null) {
    return null;
  }
  const { advice, line } = SENTENCES[queue.wait](trans);
  const details = queue.reason === null ? '' : trans.__('The scheduler says: %1', queue.reason);
  if (neverStarts(queue.wait)) {
    return { title: trans.__('This job will never start as asked: %1.', line), advice, details };
  }
  return advice === '' ? null : { title: trans.__('This job waits: %1.', line), advice, details };
}

interface Sentence {
  line: string;
  advice: string;
}

/** A wait that ends by itself. */
function wait(line: string, advice = ''): Sentence {
  return { line, advice };
}

const SENTENCES: Record<Wait, (trans: Translator) => Sentence> = {
  turn: trans => wait(trans.__('your other jobs on this machine go first')),
  'other-jobs': trans => wait(trans.__('other jobs go first')),
  'free-nodes': trans => wait(trans.__('all nodes that would do are in use')),
  'nodes-starting': trans => wait(trans.__('its nodes are being started')),
  preparing: trans => wait(trans.__('its nodes are being prepared')),
  'start-time': trans => wait(trans.__('it was asked to start later')),
  'another-job': trans => wait(trans.__('it was asked to wait for another job')),
  licenses: trans => wait(trans.__('a license that it needs is in use')),
  reservation: trans => wait(trans.__('its reservation has not begun')),
  maintenance: trans =>
    wait(
      trans.__('nodes are reserved for maintenance'),
      trans.__('With less time it may start before; else it starts when the maintenance is over.')
    ),
  'nodes-unavailable': trans =>
    wait(
      trans.__('nodes that it needs are down or reserved'),
      trans.__(
        'It starts when they are back. Without naming nodes, or in another queue, it may start sooner.'
      )
    ),
  'queue-closed': trans =>
    wait(
      trans.__('its queue is closed at the moment'),
      trans.__('It starts when the queue opens. To run sooner, submit it to another queue.')
    ),
  'your-limit': trans => wait(trans.__('your other jobs use all that you may have at a time')),
  'group-limit': trans => wait(trans.__('your group uses all that it may have at a time')),
  'budget-spent': trans =>
    wait(
      trans.__('the computing time of your account is used up'),
      trans.__('Ask whoever looks after the account for more, or use another account.')
    ),
  'held-by-you': trans =>
    wait(trans.__('held by you'), trans.__('It starts when you release it on the cluster.')),
  'held-by-administrator': trans =>
    wait(trans.__('held by an administrator'), trans.__('Ask the help desk of the cluster why.')),
  'held-after-failures': trans =>
    wait(
      trans.__('held after failed starts'),
      trans.__('Ask the help desk of the cluster why it could not be started.')
    ),
  'too-long': trans => ({
    line: trans.__('longer than its queue or account allows'),
    advice: trans.__('Cancel it, and submit it with less time or to another queue.')
  }),
  'too-many-nodes': trans => ({
    line: trans.__('more nodes than its queue or account allows'),
    advice: trans.__('Cancel it, and submit it with fewer nodes or to another queue.')
  }),
  'too-much-memory': trans => ({
    line: trans.__('more memory than its queue or account allows'),
    advice: trans.__('Cancel it, and submit it with less memory per core or to another queue.')
  }),
  'too-large': trans => ({
    line: trans.__('more than its queue or account allows'),
    advice: trans.__(
      'Cancel it, and submit it with fewer cores or nodes, less time, or to another queue.'
    )
  }),
  'too-small': trans => ({
    line: trans.__('less than its QoS asks for'),
    advice: trans.__('Cancel it, and submit it with more cores, or with another QoS.')
  }),
  'no-such-nodes': trans => ({
    line: trans.__('no node has what it asks for'),
    advice: trans.__('Cancel it, and submit it with another constraint, or with none.')
  }),
  'wrong-account': trans => ({
    line: trans.__('its account may not be used for this'),
    advice: trans.__('Cancel it, and submit it with another account or to another queue.')
  }),
  'wrong-qos': trans => ({
    line: trans.__('its QoS may not be used for this'),
    advice: trans.__('Cancel it, and submit it with another QoS or to another queue.')
  }),
  'reservation-gone': trans => ({
    line: trans.__('its reservation is gone'),
    advice: trans.__('Cancel it, and submit it with another reservation, or with none.')
  }),
  'another-job-failed': trans => ({
    line: trans.__('the job that it waits for did not end as it should'),
    advice: trans.__('Cancel it, and submit it again without that condition.')
  }),
  'deadline-passed': trans => ({
    line: trans.__('it cannot be over by its deadline any more'),
    advice: trans.__('Cancel it, and submit it with a later deadline, or with none.')
  })
};
