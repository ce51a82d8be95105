import { Button } from '@jupyterlab/ui-components';
import type { Translator } from '../../api/translation';

export interface TrustQuestionProps {
  /** Where the result came from. */
  host: string;
  /** Whether the person may trust it; otherwise an administrator or the settings have said no. */
  isAsked: boolean;
  trans: Translator;
  onTrust: () => void;
  onTrustHost: () => void;
  onDismiss: () => void;
}

/** Says above a result that parts of it are not shown, because they would run scripts of another machine, and asks. */
export function TrustQuestion({
  host,
  isAsked,
  onDismiss,
  onTrust,
  onTrustHost,
  trans
}: TrustQuestionProps) {
  return (
    <section className="jp-SubmitTrust" aria-label={trans.__('Trust in this result')}>
      <span className="jp-SubmitTrust-words">
        {isAsked
          ? trans.__(
              'From %1: parts of this result would run scripts in this page. They show when you trust it.',
              host
            )
          : trans.__(
              'From %1: parts of this result would run scripts in this page, which the settings do not allow.',
              host
            )}
      </span>
      <span className="jp-SubmitTrust-buttons">
        {isAsked && (
          <>
            <Button type="button" small onClick={onTrust}>
              {trans.__('Trust this result')}
            </Button>
            <Button type="button" small onClick={onTrustHost}>
              {trans.__('Trust results of %1', host)}
            </Button>
          </>
        )}
        <Button type="button" minimal small onClick={onDismiss}>
          {isAsked ? trans.__('Not now') : trans.__('Close')}
        </Button>
      </span>
    </section>
  );
}
