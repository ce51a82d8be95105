import type { Translator } from '../../api/translation';

/** In the place of details that cannot be shown. */
export function Undrawn({ trans }: { trans: Translator }) {
  return <div className="jp-SubmitJob-note">{trans.__('This cannot be shown here.')}</div>;
}
