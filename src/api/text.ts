import * as v from 'valibot';
import { says } from './field';

/** Control characters, line ends and the separators that some shells and parsers take for line ends. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;

/** Schedulers' own names (queue, account, reservation, ...): what every batch system's parser takes as one word. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.:@+-]*$/;

/** One line of text, not empty, at most `longest` characters, without control characters. */
export const line = (longest: number) =>
  v.pipe(
    v.string(says('text')),
    v.minLength(1, says('required')),
    v.maxLength(longest, says('too-long', { maximum: longest })),
    v.check(text => !CONTROL.test(text), says('control-characters'))
  );

/** A name that goes into a directive as it is: no blanks, no quotes, no shell metacharacters. */
export const name = v.pipe(line(128), v.regex(NAME, says('name-characters')));

/** A path of this machine or of a cluster: absolute, any characters but controls. */
export const absolutePath = v.pipe(
  line(4096),
  v.check(path => path.startsWith('/'), says('absolute-path'))
);
