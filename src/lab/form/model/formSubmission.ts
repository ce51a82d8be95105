import type { PageForm } from '../../../api/jobSpec';
import type { Problem } from '../../../api/problem';
import type { IJobs, SubmitStep } from '../../tokens';
import { asProblem } from '../../asProblem';
import type { OpenNotebook } from '../../model/openNotebooks';
import { saveNotebook } from './saveNotebook';

/** What is submitted, to whom, and who is told how far it is. */
export interface Submitting {
  form: PageForm;
  /** The notebook, where it is open. */
  notebook: OpenNotebook | null;
  jobs: Pick<IJobs, 'submit'>;
  enter: (step: SubmitStep) => void;
}

/** Saves a notebook that has changes, and submits it; what went wrong, or null. */
export async function submitForm({
  enter,
  form,
  jobs,
  notebook
}: Submitting): Promise<Problem | null> {
  if (notebook?.isDirty) {
    enter('saving');
    const refusal = await saveNotebook(notebook);
    if (refusal !== null) {
      return refusal;
    }
  }
  enter('submitting');
  return jobs.submit(form).then(() => null, asProblem);
}
