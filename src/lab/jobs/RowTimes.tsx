import { Button } from '@jupyterlab/ui-components';
import type { JobRecord } from '../../api/job';
import type { Reader } from '../../words';
import { timeRows } from './timeRows';

interface RowTimesProps {
  job: JobRecord;
  reader: Reader;
  onClose: () => void;
}

/** *What happened when*: the times of a job, and its names. */
export function RowTimes({ job, onClose, reader }: RowTimesProps) {
  const { trans } = reader;
  return (
    <div className="jp-SubmitJob-details">
      <table>
        <caption>{trans.__('What happened when')}</caption>
        <tbody>
          {timeRows(job, reader).map(({ label, value }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button minimal small onClick={onClose}>
        {trans.__('Close')}
      </Button>
    </div>
  );
}
