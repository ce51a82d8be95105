import type { Translator } from '../../api/translation';
import { problemWords } from '../../words';
import type { ISubmitForm } from '../tokens';
import { previewLines } from './previewLines';
import type { TextPane } from './textPane';

/** Asks what submitting a form would do, and shows it in a pane; or why nobody can tell. Never rejects. */
export async function showPreview(
  pane: TextPane,
  form: Pick<ISubmitForm, 'ask' | 'check' | 'fields' | 'problem'>,
  trans: Translator
): Promise<void> {
  pane.setText('');
  pane.say(trans.__('Saving the notebook, and asking what would be submitted…'));
  await form.ask({ save: true });
  const { check, fields, problem } = form;
  if (check !== null) {
    pane.say(...previewLines(check, trans));
    pane.setText(check.script);
    return;
  }
  const why = problem ?? { code: 'invalid-fields' as const, values: {}, fields: [...fields] };
  const { advice, title } = problemWords(why, trans);
  pane.say(title, advice);
}
