import type { Translator } from '../../api/translation';
import type { JobAction } from '../tokens';

/** What is being done with a job at the person's wish. */
export function actionWords(action: JobAction, trans: Translator): string {
  switch (action) {
    case 'cancel':
      return trans.__('cancelling…');
    case 'refresh':
      return trans.__('asking the cluster…');
    case 'fetch':
      return trans.__('fetching…');
    case 'remove':
      return trans.__('removing…');
    case 'submit-again':
      return trans.__('submitting again…');
    default:
      return action satisfies never;
  }
}
