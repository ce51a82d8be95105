import { type KeyboardEvent, useRef } from 'react';
import { formatClock, parseDuration } from '../../api/duration';
import { CommandIDs } from '../commandIDs';
import { ProblemView } from '../jobs/ProblemView';
import { useChanged } from '../jobs/useChanged';
import { ClusterField } from './ClusterField';
import { FileFields } from './FileFields';
import { FirstRun } from './FirstRun';
import { MoreFields } from './MoreFields';
import { NotTaken } from './NotTaken';
import { NotebookName } from './NotebookName';
import { SubmitRow } from './SubmitRow';
import { TextField } from './TextField';
import type { FormParts } from './formParts';

/** The form of the panel: for which notebook, where, how many cores and how long; and everything else. */
export function SubmitForm(parts: FormParts) {
  const { clusters, commands, form, trans } = parts;
  useChanged(form.changed);
  useChanged(clusters.changed);
  const root = useRef<HTMLDivElement>(null);
  const submit = (): void => {
    void form.submit();
    if (form.fields.length > 0) {
      root.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  };
  const submitOnEnter = (event: KeyboardEvent<HTMLElement>): void => {
    if (
      event.key === 'Enter' &&
      !event.nativeEvent.isComposing &&
      event.target instanceof HTMLInputElement
    ) {
      event.preventDefault();
      submit();
    }
  };
  const settingsProblem = clusters.phase === 'live' ? clusters.problem : null;
  return (
    <div
      ref={root}
      className="jp-SubmitForm"
      role="form"
      aria-label={trans.__('Submit to cluster')}
      onKeyDown={submitOnEnter}
    >
      <NotebookName form={form} trans={trans} />
      <FirstRun {...parts} />
      {settingsProblem !== null && (
        <ProblemView
          problem={settingsProblem}
          trans={trans}
          actions={[
            {
              label: trans.__('Open settings'),
              run: () => void commands.execute(CommandIDs.openSettings)
            }
          ]}
        />
      )}
      <fieldset className="jp-SubmitForm-fields" disabled={form.notebook === null}>
        <legend className="jp-sr-only">{trans.__('What is submitted')}</legend>
        <ClusterField {...parts} />
        <div className="jp-SubmitForm-pair">
          <TextField field="cores" form={form} trans={trans} />
          <TextField field="time" form={form} trans={trans} note={timeEcho(form.values.time)} />
        </div>
        <MoreFields {...parts} />
        <FileFields form={form} trans={trans} />
      </fieldset>
      {form.check !== null && <NotTaken check={form.check} trans={trans} />}
      <SubmitRow {...parts} onSubmit={submit} />
    </div>
  );
}

/** A time as everybody reads it in the same way: `= 2:00:00`. */
function timeEcho(time: unknown): string {
  const seconds = typeof time === 'string' ? parseDuration(time) : null;
  return seconds === null || formatClock(seconds) === String(time).trim()
    ? ''
    : `= ${formatClock(seconds)}`;
}
