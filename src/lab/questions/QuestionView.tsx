import { useId } from 'react';
import type { Question } from '../../api/question';
import type { Translator } from '../../api/translation';
import { WarningIcon } from '../parts/WarningIcon';
import type { Clock } from '../page/page';
import { Countdown } from './Countdown';
import { HostKey } from './HostKey';
import { PromptField } from './PromptField';
import { dialogWords } from './dialogWords';
import { saidClass } from './saidClass';

export interface QuestionViewProps {
  question: Question;
  /** The id of the element that says what the question is. */
  wordsId: string;
  clock: Clock;
  trans: Translator;
}

/** What a login asks, in the host's own words, with a field for each prompt. The fields keep what is typed to themselves. */
export function QuestionView({ clock, question, trans, wordsId }: QuestionViewProps) {
  const id = useId();
  const { expires, instruction, isRepeated, key, mayKeep, name, prompts } = question;
  const { advice, labels, line } = dialogWords(question, trans);
  return (
    <div className="jp-SubmitQuestion">
      <div id={wordsId}>
        {isRepeated && (
          <p className="jp-SubmitQuestion-repeated">
            <WarningIcon label={trans.__('Wrong:')} />
            <span>{trans.__('That was not right. Please once more.')}</span>
          </p>
        )}
        <p>{line}</p>
        {name !== '' && <p className="jp-SubmitQuestion-name">{name}</p>}
        {instruction !== '' && <p className={saidClass(instruction)}>{instruction}</p>}
        {key !== null && <HostKey shown={key} trans={trans} />}
        {advice !== '' && <p>{advice}</p>}
      </div>
      {prompts.map(({ echo }, index) => (
        <PromptField
          // The prompts of a question stay as they are.
          key={index}
          id={`${id}-${index}`}
          label={labels[index] ?? ''}
          echo={echo}
          trans={trans}
        />
      ))}
      {mayKeep && (
        <label className="jp-SubmitQuestion-show">
          <input name="keep" type="checkbox" />
          {trans.__('Keep the passphrase of this key until the service ends')}
        </label>
      )}
      <Countdown expires={expires} clock={clock} trans={trans} />
    </div>
  );
}
