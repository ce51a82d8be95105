import { closeIcon } from '@jupyterlab/ui-components';
import { useState } from 'react';
import { formatBytes } from '../../api/memory';
import type { TakenFile } from '../../api/routes';
import { takenWords } from '../../api/words';
import { splitName } from '../jobs/splitName';
import type { FormParts } from './formParts';
import { leaveOut } from './leaveOut';

/** How many files are shown at first. */
const FEW = 20;

/** The files that go along, with size and reason, each with a button that leaves it out. */
export function FileList({
  files,
  form,
  trans
}: Pick<FormParts, 'form' | 'trans'> & { files: readonly TakenFile[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? files : files.slice(0, FEW);
  return (
    <>
      <ul className="jp-SubmitFiles" aria-label={trans.__('Files taken along')}>
        {shown.map(file => {
          const [head, tail] = splitName(file.path);
          return (
            <li key={file.path}>
              <span className="jp-SubmitFiles-path" title={file.path}>
                <span className="jp-SubmitFiles-pathHead">{head}</span>
                <span>{tail}</span>
              </span>
              <span className="jp-SubmitFiles-size">{formatBytes(file.bytes)}</span>
              <span className="jp-SubmitFiles-why">{takenWords(file.why, trans)}</span>
              <button
                type="button"
                className="jp-SubmitForm-iconButton"
                title={trans.__('Leave out')}
                aria-label={trans.__('Leave out %1', file.path)}
                onClick={() => leaveOut(form, file)}
              >
                <closeIcon.react tag={null} />
              </button>
            </li>
          );
        })}
      </ul>
      {shown.length < files.length && (
        <button
          type="button"
          className="jp-Button jp-mod-small jp-mod-minimal"
          onClick={() => setIsWhole(true)}
        >
          {trans._n('Show %1 more', 'Show %1 more', files.length - shown.length)}
        </button>
      )}
    </>
  );
}
