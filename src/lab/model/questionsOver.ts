import type { IJobs } from '../tokens';

/** Calls back whenever logins have been given all that they asked for, or ask no more. */
export function onQuestionsOver(
  jobs: Pick<IJobs, 'changed' | 'questions'>,
  callback: () => void
): void {
  let areThere = jobs.questions.length > 0;
  jobs.changed.connect(() => {
    const were = areThere;
    areThere = jobs.questions.length > 0;
    if (were && !areThere) {
      callback();
    }
  });
}
