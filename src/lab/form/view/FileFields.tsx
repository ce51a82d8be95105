import { formatBytes } from '../../../api/memory';
import type { CheckAnswer } from '../../../api/routes';
import type { Translator } from '../../../api/translation';
import { Disclosure } from '../../parts/Disclosure';
import { findChoice } from '../model/drafts';
import { textIn } from '../model/fieldValue';
import { defaultValues } from '../model/startValues';
import { FileList } from './FileList';
import { FlagField } from './FlagField';
import { PatternsField } from './PatternsField';
import type { FormParts } from './formParts';
import { wrongWords } from './wrongWords';

/** The files that go along: closed, how many; open, which and why, and how to take others. */
export function FileFields({ clusters, form, trans }: FormParts) {
  const usual = defaultValues(findChoice(clusters, textIn(form.values, 'cluster')));
  const { check, fields } = form;
  const isWrong = ['files', 'exclude'].some(field => wrongWords(fields, field, trans).length > 0);
  const summary = filesWords(check, trans);
  return (
    <Disclosure label={trans.__('Files')} summary={summary} isForced={isWrong}>
      <fieldset className="jp-SubmitForm-group">
        <legend>{trans.__('Files taken along')}</legend>
        <p className="jp-SubmitForm-hint">{summary}</p>
        {check !== null && check.files.length > 0 && (
          <FileList files={check.files} form={form} trans={trans} />
        )}
        <FlagField field="findFiles" form={form} usual={usual} trans={trans} />
        <PatternsField field="files" form={form} usual={usual} trans={trans} />
        <PatternsField field="exclude" form={form} usual={usual} trans={trans} />
      </fieldset>
    </Disclosure>
  );
}

function filesWords(check: CheckAnswer | null, trans: Translator): string {
  if (check === null) {
    return '';
  }
  const { files } = check;
  return files.length === 0
    ? trans.__('none but the notebook')
    : trans._n(
        '%1 file, %2',
        '%1 files, %2',
        files.length,
        formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0))
      );
}
