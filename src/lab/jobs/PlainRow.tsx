import type { Explanation } from '../../words';

/** A job of which nothing can be shown but its id, and why. */
export function PlainRow({ id, words }: { id: string; words: Explanation }) {
  return (
    <li className="jp-SubmitJob" data-job={id}>
      <div className="jp-SubmitJob-header">
        <span className="jp-SubmitJob-name">{id}</span>
      </div>
      <div className="jp-SubmitJob-body">
        <div className="jp-SubmitJob-line">{words.title}</div>
        {words.advice !== '' && <div className="jp-SubmitJob-note">{words.advice}</div>}
      </div>
    </li>
  );
}
