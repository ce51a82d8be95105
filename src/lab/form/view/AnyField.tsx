import { ChoiceField } from './ChoiceField';
import { FlagField } from './FlagField';
import { LinesField } from './LinesField';
import { PatternsField } from './PatternsField';
import { TextField } from './TextField';
import { FIELDS } from '../../../api/fields';
import type { FieldProps } from './formParts';

/** A field in the shape that its kind has. */
export function AnyField(props: FieldProps) {
  switch (FIELDS[props.field].kind) {
    case 'lines':
      return <LinesField {...props} />;
    case 'patterns':
      return <PatternsField {...props} />;
    case 'flag':
      return <FlagField {...props} />;
    case 'choice':
      return <ChoiceField {...props} />;
    case 'count':
    case 'text':
      return <TextField {...props} />;
  }
}
