import { type Asked, type Told, accountMismatch, qosMismatch } from '../../../api/clusterCheck';
import type { FieldName } from '../../../api/fields';
import type { FieldRule } from '../../../api/profile';
import type { Translator } from '../../../api/translation';
import { mismatchWords, limitWords } from '../../../words';

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
      return told.accounts.map(({ name, words = '' }) => ({
        value: name,
        note: together(mismatchOf('account', told, { ...asked, account: name }, trans), words)
      }));
    case 'qos':
      return told.qos.map(({ name }) => ({
        value: name,
        note: qosNote(name, told, asked, trans)
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
        note: together(note, choices[value] ?? '')
      }));
}

function together(...notes: readonly string[]): string {
  return notes.filter(words => words !== '').join('; ');
}

/** What a QoS does not go with; else, whether jobs that name none have it: those of the account that was asked for, or of the only one. */
function qosNote(qos: string, told: Told, asked: Asked, trans: Translator): string {
  const { accounts } = told;
  const account =
    asked.account.trim() === '' && accounts.length === 1 ? accounts[0]?.name : asked.account.trim();
  const isDefault = accounts.some(({ defaultQos, name }) => name === account && defaultQos === qos);
  return (
    mismatchOf('qos', told, { ...asked, qos }, trans) || (isDefault ? trans.__('default') : '')
  );
}

/** What the value of a field does not go with; empty where nothing is known to be wrong. */
export function mismatchOf(field: FieldName, told: Told, asked: Asked, trans: Translator): string {
  const mismatch = MISMATCHES[field]?.(told, asked) ?? null;
  return mismatch === null ? '' : mismatchWords(mismatch, trans);
}

const MISMATCHES: Partial<Record<FieldName, typeof accountMismatch>> = {
  account: accountMismatch,
  qos: qosMismatch
};
