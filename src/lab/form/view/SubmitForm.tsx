import { type FormEvent, useRef } from 'react';
import { longestTime } from '../../../api/clusterCheck';
import { CommandIDs } from '../../commandIDs';
import { ProblemView } from '../../parts/ProblemView';
import { useChanged } from '../../parts/useChanged';
import { ClusterField } from './ClusterField';
import { FileFields } from './FileFields';
import { FirstRun } from './FirstRun';
import { MoreFields } from './MoreFields';
import { NeededFields } from './NeededFields';
import { NotTaken } from './NotTaken';
import { NotebookName } from './NotebookName';
import { PlanNotes } from './PlanNotes';
import { ResultOf } from './ResultOf';
import { SubmitRow } from './SubmitRow';
import { TextField } from './TextField';
import { findChoice } from '../model/drafts';
import { textIn } from '../model/fieldValue';
import type { FormParts } from './formParts';
import { defaultValues } from '../model/startValues';
import { timeNote } from './timeNote';
import { useFocusHome } from './useFocusHome';

/** The form of the panel: for which notebook, where, how many cores and how long; and everything else. */
export function SubmitForm(parts: FormParts) {
  const { checks, clusters, commands, form, trans } = parts;
  useChanged(form.changed);
  useChanged(clusters.changed);
  useChanged(checks.changed);
  const root = useRef<HTMLFormElement>(null);
  const focus = useFocusHome();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    void form.submit();
    if (form.fields.length > 0) {
      root.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    }
  };
  const usual = defaultValues(findChoice(clusters, textIn(form.values, 'cluster')));
  const limit = longestTime(checks.queues, textIn(form.values, 'queue'));
  const settingsProblem = clusters.phase === 'live' ? clusters.problem : null;
  return (
    <form
      ref={root}
      className="jp-SubmitForm"
      aria-label={trans.__('Submit to cluster')}
      noValidate
      onSubmit={submit}
      {...focus}
    >
      <NotebookName form={form} trans={trans} />
      <ResultOf {...parts} />
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
          <TextField field="cores" form={form} usual={usual} trans={trans} />
          <TextField
            field="time"
            form={form}
            usual={usual}
            trans={trans}
            note={timeNote(textIn(form.values, 'time'), limit, trans)}
          />
        </div>
        <NeededFields {...parts} />
        {form.check !== null && <PlanNotes check={form.check} trans={trans} />}
        {form.check !== null && <NotTaken check={form.check} trans={trans} />}
        <MoreFields {...parts} />
        <FileFields {...parts} />
      </fieldset>
      <SubmitRow {...parts} />
    </form>
  );
}
