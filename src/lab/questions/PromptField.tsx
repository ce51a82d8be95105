import { useState } from 'react';
import type { Translator } from '../../api/translation';
import { saidClass } from './saidClass';

export interface PromptFieldProps {
  id: string;
  label: string;
  /** Whether what is typed may be seen; null: the person decides. */
  echo: boolean | null;
  trans: Translator;
}

/** A field for one prompt. What is typed stays in the field, and nowhere else: whoever sends it takes it from there. */
export function PromptField({ echo, id, label, trans }: PromptFieldProps) {
  const [isShown, setIsShown] = useState(echo === true);
  return (
    <div className="jp-SubmitQuestion-field">
      <label htmlFor={id} className={saidClass(label)}>
        {label}
      </label>
      <input
        id={id}
        name="answer"
        className="jp-mod-styled"
        type={isShown ? 'text' : 'password'}
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
      />
      {echo === null && (
        <label className="jp-SubmitQuestion-show">
          <input
            type="checkbox"
            checked={isShown}
            onChange={({ currentTarget }) => setIsShown(currentTarget.checked)}
          />
          {trans.__('Show what I type')}
        </label>
      )}
    </div>
  );
}
