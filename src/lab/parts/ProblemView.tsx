import { Button } from '@jupyterlab/ui-components';
import { useId, useRef, useState } from 'react';
import type { Problem } from '../../api/problem';
import type { Translator } from '../../api/translation';
import { problemWords } from '../../words';
import { RawText } from './RawText';
import { useIsCut } from './useIsCut';

export interface ProblemViewProps {
  problem: Problem;
  trans: Translator;
  /** What can be done about it, the likeliest first. */
  actions?: readonly { label: string; run: () => void }[];
  /** Makes it go away; it stays when absent. */
  onDismiss?: (() => void) | undefined;
}

/**
 * A problem: what happened, what to do, buttons that do it, and the text behind it one click away. It takes two lines until
 * somebody wants all of its words.
 */
export function ProblemView({ actions = [], onDismiss, problem, trans }: ProblemViewProps) {
  const { advice, details, title } = problemWords(problem, trans);
  const [isOpen, setIsOpen] = useState(false);
  const [isWhole, setIsWhole] = useState(false);
  const words = useRef<HTMLDivElement>(null);
  const isCut = useIsCut(words);
  const id = useId();
  const detailsId = `${id}-details`;
  return (
    <div className="jp-SubmitProblem">
      <div
        ref={words}
        id={`${id}-words`}
        className={isWhole ? 'jp-SubmitProblem-words' : 'jp-SubmitProblem-words jp-mod-brief'}
      >
        <p role="alert" className="jp-SubmitProblem-title">
          {title}
        </p>
        {advice !== '' && <p className="jp-SubmitProblem-advice">{advice}</p>}
      </div>
      <div className="jp-SubmitProblem-buttons">
        {actions.map(({ label, run }) => (
          <Button type="button" key={label} small onClick={run}>
            {label}
          </Button>
        ))}
        {(isCut || isWhole) && (
          <Button
            type="button"
            minimal
            small
            aria-expanded={isWhole}
            aria-controls={`${id}-words`}
            aria-label={
              isWhole ? trans.__('Show less of the problem') : trans.__('Show more of the problem')
            }
            onClick={() => setIsWhole(!isWhole)}
          >
            {isWhole ? trans.__('Less') : trans.__('More')}
          </Button>
        )}
        {details !== '' && (isWhole || !isCut) && (
          <Button
            type="button"
            minimal
            small
            aria-expanded={isOpen}
            aria-controls={detailsId}
            onClick={() => setIsOpen(!isOpen)}
          >
            {trans.__('Details')}
          </Button>
        )}
        {onDismiss !== undefined && (
          <Button type="button" minimal small onClick={onDismiss}>
            {trans.__('Dismiss')}
          </Button>
        )}
      </div>
      <div id={detailsId}>
        {isOpen && details !== '' && <RawText text={details} trans={trans} />}
      </div>
    </div>
  );
}
