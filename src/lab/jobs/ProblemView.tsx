import { Button } from '@jupyterlab/ui-components';
import { useId, useState } from 'react';
import type { Problem } from '../../api/problem';
import type { Translator } from '../../api/translation';
import { problemWords } from '../../api/words';
import { RawText } from './RawText';

export interface ProblemViewProps {
  problem: Problem;
  trans: Translator;
  /** What can be done about it, the likeliest first. */
  actions?: readonly { label: string; run: () => void }[];
  /** Makes it go away; it stays when absent. */
  onDismiss?: (() => void) | undefined;
}

/** A problem: what happened, what to do, buttons that do it, and the text behind it one click away. */
export function ProblemView({ actions = [], onDismiss, problem, trans }: ProblemViewProps) {
  const { advice, details, title } = problemWords(problem, trans);
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  return (
    <div className="jp-SubmitProblem">
      <p role="alert" className="jp-SubmitProblem-title">
        {title}
      </p>
      {advice !== '' && <p className="jp-SubmitProblem-advice">{advice}</p>}
      <div className="jp-SubmitProblem-buttons">
        {actions.map(({ label, run }) => (
          <Button type="button" key={label} small onClick={run}>
            {label}
          </Button>
        ))}
        {details !== '' && (
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
