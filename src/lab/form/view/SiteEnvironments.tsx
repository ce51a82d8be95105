import { HTMLSelect } from '@jupyterlab/ui-components';
import { useId } from 'react';
import type { ClusterChoice } from '../../../api/routes';
import type { Translator } from '../../../api/translation';
import type { ISubmitForm } from '../../tokens';
import { linesIn, textIn } from '../model/fieldValue';

interface SiteEnvironmentsProps {
  choice: ClusterChoice | null;
  form: ISubmitForm;
  trans: Translator;
}

/** The environments that the site keeps for everybody: one that is chosen fills the fields below. */
export function SiteEnvironments({ choice, form, trans }: SiteEnvironmentsProps) {
  const id = useId();
  const all = choice?.profile?.environments ?? [];
  const lines = linesIn(form.values, 'environment').join('\n');
  const chosen = all.findIndex(
    ({ environment, python = '' }) =>
      environment.join('\n') === lines && python === textIn(form.values, 'python')
  );
  const choose = (index: number): void => {
    const { environment = [], python = '' } = all[index] ?? {};
    form.set('environment', environment);
    form.set('python', python);
  };
  return all.length === 0 ? null : (
    <div className="jp-SubmitField">
      <label htmlFor={id}>{trans.__('Environment of the site')}</label>
      <HTMLSelect
        id={id}
        value={String(chosen)}
        options={[
          { value: '-1', label: trans.__('none of these') },
          ...all.map(({ title }, index) => ({ value: String(index), label: title }))
        ]}
        onChange={event => choose(Number(event.currentTarget.value))}
      />
    </div>
  );
}
