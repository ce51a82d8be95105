import { Button } from '@jupyterlab/ui-components';
import type { Translator } from '../../api/translation';

interface ShowMoreProps {
  shown: number;
  all: number;
  trans: Translator;
  onMore: () => void;
}

/** How many of the jobs are shown, and a button for more of them; nothing when these are all. */
export function ShowMore({ all, onMore, shown, trans }: ShowMoreProps) {
  return shown === all ? null : (
    <div className="jp-SubmitJobs-more">
      <span>{trans.__('%1 of %2 jobs', shown, all)}</span>
      <Button minimal small onClick={onMore}>
        {trans.__('Show more')}
      </Button>
    </div>
  );
}
