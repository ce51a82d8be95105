import type { Cause } from '../api/causes';
import type { Translator } from '../api/translation';
import type { CauseTable } from './causeTable';
import { inCell, signalText } from './causeText';

/** What ends a job from outside: its limits, the cluster, and people. */
export const CLUSTER_CAUSES = {
  'time-limit': {
    line: (_, trans) => trans.__('time limit reached'),
    words: (cause, trans) => ({
      title: inCell(cause.cell, trans.__('The time limit was reached.'), cell =>
        trans.__('The time limit was reached in cell %1.', cell)
      ),
      advice: trans.__('What was computed until then is kept. Submit again with more time.'),
      details: ''
    })
  },
  deadline: {
    line: (_, trans) => trans.__('deadline passed'),
    words: (_, trans) => ({
      title: trans.__('The deadline that was asked for passed before the job was over.'),
      advice: trans.__('Submit it again with a later deadline, or with none.'),
      details: ''
    })
  },
  cancelled: {
    line: (_, trans) => trans.__('cancelled'),
    words: (cause, trans) => ({ title: cancelledBy(cause.by, trans), advice: '', details: '' })
  },
  'out-of-memory': {
    line: (cause, trans) =>
      inCell(cause.cell, trans.__('out of memory'), cell =>
        trans.__('out of memory in cell %1', cell)
      ),
    words: (cause, trans) => ({
      title: inCell(cause.cell, trans.__('The job ran out of memory.'), cell =>
        trans.__('The job ran out of memory in cell %1.', cell)
      ),
      advice: trans.__(
        'Ask for more memory per core, or use less of it, and submit it again. What was computed until then is kept.'
      ),
      details: ''
    })
  },
  'node-failure': {
    line: (_, trans) => trans.__('a node of the cluster failed'),
    words: (_, trans) => ({
      title: trans.__('A node of the cluster failed while it had this job.'),
      advice: trans.__('It was not the fault of your notebook: submit it again.'),
      details: ''
    })
  },
  preempted: {
    line: (_, trans) => trans.__('ended to make room for other jobs'),
    words: (_, trans) => ({
      title: trans.__('The cluster ended this job to make room for others that go first.'),
      advice: trans.__(
        'Submit it again. Where that happens often, another queue or QoS may let a job run to its end.'
      ),
      details: ''
    })
  },
  killed: {
    line: (_, trans) => trans.__('killed from outside'),
    words: (cause, trans) => ({
      title: trans.__('The job was killed from outside before it could say why.'),
      advice: trans.__(
        'Too little memory ends this way, and so does a restart of the machine. Use less memory, or submit it again.'
      ),
      details: signalText(cause.signal, trans)
    })
  },
  'ended-early': {
    line: (cause, trans) => trans.__('ended early, with status %1', cause.status),
    words: (cause, trans) => ({
      title: trans.__('The job ended with status %1 and did not say why.', cause.status),
      advice: trans.__(
        'Its log may say more. An environment line that ends the script, and a Python that cannot start, end this way.'
      ),
      details: ''
    })
  },
  restarted: {
    line: (_, trans) => trans.__('started twice by the cluster'),
    words: (_, trans) => ({
      title: trans.__(
        'The cluster started this job a second time, and the second start was ended.'
      ),
      advice: trans.__('What the first start computed is kept. Submit it again for a full run.'),
      details: ''
    })
  }
} satisfies Partial<CauseTable>;

function cancelledBy(by: Extract<Cause, { code: 'cancelled' }>['by'], trans: Translator): string {
  switch (by) {
    case 'you':
      return trans.__('You cancelled this job.');
    case 'account':
      return trans.__('This job was cancelled on the cluster, with your own account.');
    case 'administrator':
      return trans.__('This job was cancelled by an administrator of the cluster.');
    case 'cluster':
      return trans.__('This job was cancelled on the cluster.');
    case 'unknown':
      return trans.__('This job was cancelled; nothing says by whom.');
    default:
      return by satisfies never;
  }
}
