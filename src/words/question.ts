import type { Question } from '../api/question';
import type { Translator } from '../api/translation';

/** A question of a login, in words. */
export interface QuestionWords {
  /** Who asks for what. */
  title: string;
  /** What the host itself says about it, and what else has to be known; as it came. */
  lines: string[];
  /** The name of each field; of a question that is answered by yes, the question. */
  fields: string[];
}

/** The words of a question. Those of the host's own are not translated. */
export function questionWords(question: Question, trans: Translator): QuestionWords {
  const { asker, file, host, instruction, isRepeated, key, kind, name, prompts } = question;
  const said = [name, instruction].filter(text => text.trim() !== '');
  const again = isRepeated ? [trans.__('That was not right. Once more:')] : [];
  switch (kind) {
    case 'prompts':
      return {
        title:
          prompts.length > 0
            ? trans.__('%1 asks, to let you in to %2:', asker, host)
            : trans.__('%1 says:', asker),
        lines: [...said, ...again],
        fields: prompts.map(({ text }) => text || trans.__('Answer'))
      };
    case 'passphrase':
      return {
        title: trans.__('A key for %1 has a passphrase:', asker),
        lines: [...said, ...again],
        fields: prompts.map(({ text }) => text || trans.__('Passphrase of %1: ', file ?? ''))
      };
    case 'host-key':
      return {
        title: trans.__('%1 is not known yet.', key?.address ?? asker),
        lines: [
          ...said,
          trans.__('Its key is %1 %2.', key?.type ?? '', key?.fingerprint ?? ''),
          trans.__('Compare it with the one that your cluster publishes.')
        ],
        fields: [trans.__('Is this the right host?')]
      };
    case 'confirm':
      return {
        title: trans.__('To let you in to %1:', host),
        lines: said,
        fields: [trans.__('Allow it?')]
      };
    case 'touch':
      return { title: trans.__('To let you in to %1:', host), lines: said, fields: [] };
    default:
      return kind satisfies never;
  }
}
