import { type Asked, type Told, accountMark, qosMark } from '../../../api/clusterCheck';
import type { FieldName } from '../../../api/fields';
import type { FieldRule } from '../../../api/profile';
import type { Translator } from '../../../api/translation';
import { accountMarkWords, limitWords } from '../../../words';

/** A value that is offered, and what is to be known of it. */
export interface Choice {
  value: string;
  note: string;
}

/** What is offered for a field, beside what else is asked for; what does not go together is marked, and stays to be chosen. */
export function choicesFor(
  field: FieldName,
  told: Told,
  asked: Asked,
  trans: Translator
): Choice[] {
  switch (field) {
    case 'queue':
      return told.queues
        .filter(({ isUsable }) => isUsable)
        .map(({ limitSeconds, name }) => ({
          value: name,
          note: limitSeconds === null ? '' : limitWords(limitSeconds, trans)
        }));
    case 'account':
      return told.accounts.map(({ name }) => ({
        value: name,
        note: markFor('account', told, { ...asked, account: name }, trans)
      }));
    case 'qos':
      return told.qos.map(({ name }) => ({
        value: name,
        note: markFor('qos', told, { ...asked, qos: name }, trans)
      }));
    default:
      return [];
  }
}

/** What a site says of the values that its cluster tells; all that it names, where that tells none. */
export function withSite(told: readonly Choice[], { choices = {} }: FieldRule): Choice[] {
  return told.length === 0
    ? Object.entries(choices).map(([value, note]) => ({ value, note }))
    : told.map(({ note, value }) => ({
        value,
        note: [note, choices[value] ?? ''].filter(words => words !== '').join('; ')
      }));
}

/** What the value of a field does not go with; empty where nothing is known to be wrong. */
export function markFor(field: FieldName, told: Told, asked: Asked, trans: Translator): string {
  const mark = MARKS[field]?.(told, asked) ?? null;
  return mark === null ? '' : accountMarkWords(mark, trans);
}

const MARKS: Partial<Record<FieldName, typeof accountMark>> = {
  account: accountMark,
  qos: qosMark
};
