import { Button, HTMLSelect } from '@jupyterlab/ui-components';
import { useId } from 'react';
import { THIS_MACHINE } from '../../../api/cluster';
import type { ClusterChoice } from '../../../api/routes';
import type { Translator } from '../../../api/translation';
import { fieldLabel } from '../../../words';
import { CommandIDs } from '../../commandIDs';
import { ClusterStatus } from './ClusterStatus';
import { SiteProfile } from './SiteProfile';
import { findChoice } from '../model/drafts';
import { textIn } from '../model/fieldValue';
import type { FormParts } from './formParts';
import { wrongWords } from './wrongWords';
import { FieldNotes } from './FieldNotes';

/** Where the notebook is to run, and whether it can. */
export function ClusterField(parts: FormParts) {
  const { checks, clusters, commands, form, trans } = parts;
  const id = useId();
  const chosen = textIn(form.values, 'cluster');
  const choice = findChoice(clusters, chosen);
  const wrong = wrongWords(form.fields, 'cluster', trans);
  return (
    <div className="jp-SubmitField jp-mod-cluster">
      <label htmlFor={id}>{fieldLabel('cluster', trans)}</label>
      <div className="jp-SubmitForm-cluster">
        <HTMLSelect
          id={id}
          name="cluster"
          value={chosen}
          title={choice?.title}
          aria-invalid={wrong.length > 0}
          aria-describedby={`${id}-status ${id}-notes`}
          options={options(clusters.choices, chosen, trans)}
          onChange={event => form.set('cluster', event.currentTarget.value)}
        />
        {choice?.problem === null && (
          <Button
            type="button"
            small
            aria-label={trans.__('Check %1', choice.title)}
            onClick={() => void checks.ask()}
          >
            {trans.__('Check')}
          </Button>
        )}
      </div>
      <ClusterStatus {...parts} id={`${id}-status`} />
      {choice !== null && choice.profile !== null && (
        <SiteProfile
          profile={choice.profile}
          change={() => void commands.execute(CommandIDs.openSettings)}
          trans={trans}
        />
      )}
      <FieldNotes id={`${id}-notes`} note="" wrong={wrong} trans={trans} />
    </div>
  );
}

function options(
  choices: readonly ClusterChoice[],
  chosen: string,
  trans: Translator
): { value: string; label: string }[] {
  const listed = choices.map(({ name, problem, title }) => ({
    value: name,
    label: problem === null ? title : trans.__('%1 (not ready)', title)
  }));
  // What is chosen is shown, also while the choices are not known.
  return listed.some(({ value }) => value === chosen) || chosen === ''
    ? listed
    : [
        ...listed,
        { value: chosen, label: chosen === THIS_MACHINE ? trans.__('This machine') : chosen }
      ];
}
