import { closeIcon } from '@jupyterlab/ui-components';
import { useRef, useState } from 'react';
import { formatBytes } from '../../../api/memory';
import type { TakenFile } from '../../../api/routes';
import { takenWords } from '../../../words';
import { splitName } from '../../parts/splitName';
import type { FormParts } from './formParts';
import { isLeftOut, leaveOut } from '../model/leaveOut';

/** How many files are shown at first. */
const FEW = 20;

/** The files that go along, with size and reason, each with a button that leaves it out. */
export function FileList({
  files,
  form,
  trans
}: Pick<FormParts, 'form' | 'trans'> & { files: readonly TakenFile[] }) {
  const list = useRef<HTMLUListElement>(null);
  const [isWhole, setIsWhole] = useState(false);
  const left = files.filter(file => !isLeftOut(form, file));
  const shown = isWhole ? left : left.slice(0, FEW);
  const remove = (file: TakenFile): void => {
    leaveOut(form, file);
    // The button goes with its file; the keyboard stays here.
    list.current?.focus();
  };
  return (
    <>
      <ul
        ref={list}
        tabIndex={-1}
        className="jp-SubmitFiles"
        aria-label={trans.__('Files taken along')}
      >
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
                onClick={() => remove(file)}
              >
                <closeIcon.react tag={null} />
              </button>
            </li>
          );
        })}
      </ul>
      {shown.length < left.length && (
        <button
          type="button"
          className="jp-Button jp-mod-small jp-mod-minimal"
          onClick={() => setIsWhole(true)}
        >
          {trans._n('Show %1 more', 'Show %1 more', left.length - shown.length)}
        </button>
      )}
    </>
  );
}
