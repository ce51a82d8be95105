import type { Translator } from '../../../api/translation';
import type { ClusterChoice } from '../../../api/routes';
import { planWords } from '../../../words';
import type { ISubmitForm } from '../../tokens';

/** What is going to happen, or why that cannot be said. */
export function planLine(
  form: ISubmitForm,
  choice: ClusterChoice | null,
  trans: Translator
): string {
  if (form.notebook === null) {
    return '';
  }
  if (form.fields.length > 0) {
    return trans.__('Correct what is marked, then submit.');
  }
  if (form.check === null) {
    return form.isChecking ? trans.__('Looking at what would run…') : '';
  }
  const { engines, spec } = form.check;
  const plan = planWords(form.check, trans);
  return engines > 0 && choice?.cores && spec.cores > choice.cores
    ? trans.__('%1 They share %2 cores.', plan, choice.cores)
    : plan;
}
