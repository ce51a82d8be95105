import { ellipsesIcon } from '@jupyterlab/ui-components';
import type { MouseEvent } from 'react';
import type { JobRecord } from '../../api/job';
import { stateLabel } from '../../words';
import { openRowMenu } from './openRowMenu';
import type { RowContext } from './rowContext';
import { splitName } from '../parts/splitName';
import { STATE_ICONS } from './stateIcons';

interface RowHeaderProps {
  job: JobRecord;
  context: RowContext;
  /** The state in a few words. */
  short: string;
  /** Opens or closes *What happened when*. */
  onTimes: () => void;
}

/** The first line of a row: what state the job is in, its name, and the menu. */
export function RowHeader({ context, job, onTimes, short }: RowHeaderProps) {
  const { commands, trans } = context;
  const [head, tail] = splitName(job.spec.name);
  const label = stateLabel(job.state, trans);
  const icon = STATE_ICONS[job.state];
  const open = (event: MouseEvent<HTMLButtonElement>): void => {
    openRowMenu({
      button: event.currentTarget,
      // A click by Enter or Space has no count of clicks.
      byKeyboard: event.detail === 0,
      commands,
      id: job.id,
      times: { label: trans.__('What happened when'), run: onTimes }
    });
  };
  return (
    <div className="jp-SubmitJob-header">
      <span className="jp-SubmitJob-icon" title={label}>
        <icon.react tag={null} />
        <span className="jp-sr-only">{label}</span>
      </span>
      <span className="jp-SubmitJob-name" title={job.spec.notebook}>
        <span className="jp-SubmitJob-nameHead">{head}</span>
        {tail !== '' && <span className="jp-SubmitJob-nameTail">{tail}</span>}
      </span>
      <span className="jp-SubmitJob-short">{short}</span>
      <button
        type="button"
        className="jp-SubmitJob-more"
        aria-haspopup="menu"
        aria-label={trans.__('More for %1', job.spec.name)}
        title={trans.__('More')}
        onClick={open}
      >
        <ellipsesIcon.react tag={null} />
      </button>
    </div>
  );
}
