import { Dialog, type showDialog } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { JobRecord } from '../../api/job';
import { leftWords, resultWords } from '../../words';

/**
 * How to remove a job: without a question where all of its result is here, else as the person says.
 *
 * @returns null when it is to stay.
 */
export async function confirmRemoval(
  job: JobRecord,
  trans: TranslationBundle,
  ask: typeof showDialog
): Promise<{ evenResult: boolean } | null> {
  const { left, place } = job.result;
  if (place !== 'kept' && left.lost === 0) {
    return { evenResult: false };
  }
  const { button } = await ask({
    title: trans.__('Remove %1 with its result?', job.spec.name),
    body: [
      place === 'kept' ? resultWords(job, trans) : leftWords(job, trans),
      trans.__('It is nowhere else, and goes with the job.')
    ].join(' '),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Keep') }),
      Dialog.warnButton({ label: trans.__('Remove') })
    ]
  });
  return button.accept ? { evenResult: true } : null;
}
