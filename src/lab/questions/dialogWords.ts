import type { Question } from '../../api/question';
import type { Translator } from '../../api/translation';
import { questionWords } from '../../words';

/** What the dialog of a question says besides what the host has said, and the names of its fields. */
export interface DialogWords {
  title: string;
  /** Who asks, and what for. */
  line: string;
  /** What to do about it; empty where that is plain. */
  advice: string;
  /** The names of its fields. */
  labels: string[];
  /** The buttons; `accept` is null where there is nothing to say but no. */
  cancel: string;
  accept: string | null;
}

/** The words of a dialog around those of the host. */
export function dialogWords(question: Question, trans: Translator): DialogWords {
  const { asker, file, host, prompts } = question;
  const title = trans.__('Sign in to %1', host);
  const cancel = trans.__('Cancel');
  const labels = questionWords(question, trans).fields.map(field => field.trim());
  switch (question.kind) {
    case 'prompts':
      return {
        title,
        line: prompts.length > 0 ? trans.__('%1 asks:', asker) : trans.__('%1 says:', asker),
        advice: '',
        labels,
        cancel,
        accept: prompts.length > 0 ? trans.__('Answer') : trans.__('OK')
      };
    case 'passphrase':
      return {
        title,
        line: trans.__('A key for %1 is locked: %2', asker, file ?? '?'),
        advice: trans.__('What you type stays on this side: it only opens the key.'),
        // Whose it is stands above; what ssh itself asks is shown as it came.
        labels: prompts.map(({ text }) => text.trim() || trans.__('Passphrase')),
        cancel,
        accept: trans.__('Answer')
      };
    case 'host-key':
      return {
        title: trans.__('Sign in to %1: is this the right host?', host),
        line: trans.__('%1 is not known yet. It shows this key:', asker),
        advice: trans.__(
          'Accept it if it is the fingerprint that your cluster publishes. It is remembered, and you are asked no more.'
        ),
        labels,
        cancel,
        accept: trans.__('Accept')
      };
    case 'confirm':
      return {
        title,
        line: trans.__('For %1:', asker),
        advice: '',
        labels,
        cancel: trans.__('No'),
        accept: trans.__('Yes')
      };
    case 'touch':
      return {
        title,
        line: trans.__('For %1:', asker),
        advice: trans.__('Touch your security key; this goes away by itself then.'),
        labels,
        cancel,
        accept: null
      };
  }
}
