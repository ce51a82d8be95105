import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { FormValues, IClusterChecks, IClusters, IJobs, ISubmitForm } from '../../tokens';
import type { FieldName } from '../../../api/fields';
import type { FieldRule } from '../../../api/profile';

/** What the parts of the form are drawn from. */
export interface FormParts {
  form: ISubmitForm;
  clusters: IClusters;
  checks: IClusterChecks;
  jobs: IJobs;
  commands: CommandRegistry;
  trans: TranslationBundle;
}

/** What one field is drawn from. */
export interface FieldProps {
  field: FieldName;
  form: ISubmitForm;
  /** What counts for a field while it is empty. */
  usual: FormValues;
  /** Values that are offered, each with a note; any other may be typed. */
  choices?: readonly { value: string; note: string }[];
  /** What is to be said of its value. */
  note?: string;
  /** What the profile of the site says of it. */
  rule?: FieldRule;
  trans: TranslationBundle;
}
