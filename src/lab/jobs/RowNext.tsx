import { Button } from '@jupyterlab/ui-components';
import { useId, useState } from 'react';
import type { JobRecord } from '../../api/job';
import { type Reader, contactLines, noteWords } from '../../words';
import { Boundary } from './Boundary';
import { RowReasons } from './RowReasons';
import { Undrawn } from './Undrawn';
import { reasons } from './reasons';
import { resultLines } from './resultLines';
import { rowButtons } from './rowButtons';
import { type RowContext, runCommand } from './rowContext';

interface RowNextProps {
  job: JobRecord;
  context: RowContext;
  reader: Reader;
  /** The result as a path of Jupyter's contents; null outside of what this server shows, undefined while not known. */
  path: string | null | undefined;
  /** Whether something is being done with the job, so that its buttons wait. */
  isBusy: boolean;
}

/** What to know about contact and result, and the next steps. */
export function RowNext({ context, isBusy, job, path, reader }: RowNextProps) {
  const { trans } = context;
  const [isOpen, setIsOpen] = useState(false);
  const id = useId();
  const why = reasons(job, trans);
  const buttons = rowButtons(job, path, trans);
  return (
    <>
      {[
        ...contactLines(job, reader),
        ...job.notes.map(note => noteWords(note, trans)),
        ...resultLines(job, path, trans)
      ].map(text => (
        <div key={text} className="jp-SubmitJob-note">
          {text}
        </div>
      ))}
      {buttons.length + why.length > 0 && (
        <div className="jp-SubmitJob-buttons">
          {buttons.map(({ args, command, isEnabled, label }) => (
            <Button
              key={command}
              minimal
              small
              disabled={isBusy || !isEnabled}
              onClick={() => runCommand(context, command, { ...args, id: job.id })}
            >
              {label}
            </Button>
          ))}
          {why.length > 0 && (
            <Button
              minimal
              small
              aria-expanded={isOpen}
              aria-controls={id}
              onClick={() => setIsOpen(!isOpen)}
            >
              {trans.__('Why?')}
            </Button>
          )}
        </div>
      )}
      {isOpen && why.length > 0 && (
        <Boundary of={job} instead={<Undrawn trans={trans} />}>
          <RowReasons id={id} reasons={why} trans={trans} />
        </Boundary>
      )}
    </>
  );
}
