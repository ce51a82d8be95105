import type { Translator } from '../../src/api/translation';
import { english } from '../../src/api/translation';
import type { Reader } from '../../src/words';
import { NOON } from '../api/jobRecord';

/** English that fails when a message asks for a value that it does not get, or gets one that it does not use. */
export const strict: Translator = {
  __: (message, ...values) => {
    check([message], values.length);
    return english.__(message, ...values);
  },
  _n: (singular, plural, count, ...values) => {
    check([singular, plural], values.length + 1);
    return english._n(singular, plural, count, ...values);
  }
};

/** Somebody in London, a quarter of an hour after noon. */
export const reader: Reader = { trans: strict, now: NOON + 900, locale: 'en-GB', timeZone: 'UTC' };

function check(messages: string[], count: number): void {
  const used = new Set(messages.flatMap(message => message.match(/%\d+/g) ?? []));
  const given = Array.from({ length: count }, (_, index) => `%${index + 1}`);
  const missing = [...used].filter(placeholder => !given.includes(placeholder));
  // A count may pick the form alone.
  const unused = given.filter(placeholder => !used.has(placeholder) && placeholder !== '%1');
  if (missing.length > 0 || unused.length > 0) {
    throw new Error(`${JSON.stringify(messages)} with ${count} values`);
  }
}
