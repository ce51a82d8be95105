import type { Translator } from '../../api/translation';
import type { Explanation } from '../../words';
import { RawText } from '../parts/RawText';

interface RowReasonsProps {
  id: string;
  reasons: readonly Explanation[];
  trans: Translator;
}

/** What *Why?* opens: each reason with what to do about it, and the text behind it. */
export function RowReasons({ id, reasons, trans }: RowReasonsProps) {
  return (
    <div id={id} className="jp-SubmitJob-details">
      {reasons.map(({ advice, details, title }) => (
        <div key={title}>
          <p className="jp-SubmitProblem-title">{title}</p>
          {advice !== '' && <p className="jp-SubmitProblem-advice">{advice}</p>}
          {details !== '' && <RawText text={details} trans={trans} />}
        </div>
      ))}
    </div>
  );
}
