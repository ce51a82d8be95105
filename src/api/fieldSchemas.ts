import * as v from 'valibot';
import { parseDuration } from './duration';
import { says } from './field';
import { parseMemory } from './memory';
import { absolutePath, line } from './text';

/** What a single field of the job form may hold; each gives the value that counts, or says what is wrong. */

/** The shortest and the longest time that can be asked for, in seconds: a minute, and a year. */
const SHORTEST_TIME = 60;
const LONGEST_TIME = 366 * 86_400;

/** A whole number from 1. */
export const count = (maximum: number) =>
  v.pipe(
    v.number(says('whole-number')),
    v.integer(says('whole-number')),
    v.minValue(1, says('minimum', { minimum: 1 })),
    v.maxValue(maximum, says('maximum', { maximum }))
  );

/** A time as text with its unit; gives seconds. */
export const duration = v.pipe(
  v.string(says('time-format')),
  v.minLength(1, says('required')),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const seconds = parseDuration(dataset.value);
    if (seconds === null) {
      addIssue({ message: says('time-format', { given: dataset.value.slice(0, 80) }) });
      return NEVER;
    }
    return seconds;
  }),
  v.minValue(SHORTEST_TIME, says('minimum', { minimum: '1m' })),
  v.maxValue(LONGEST_TIME, says('maximum', { maximum: '366d' }))
);

/** An amount of memory as text with its unit; gives megabytes. */
export const memory = v.pipe(
  v.string(says('memory-format')),
  v.rawTransform(({ dataset, addIssue, NEVER }) => {
    const megabytes = parseMemory(dataset.value);
    if (megabytes === null || megabytes < 1) {
      addIssue({ message: says('memory-format', { given: dataset.value.slice(0, 80) }) });
      return NEVER;
    }
    return megabytes;
  })
);

const isNotebook = v.check<string, string>(path => path.endsWith('.ipynb'), says('notebook-path'));

/** The absolute path of a notebook. */
export const notebook = v.pipe(absolutePath, isNotebook);

/** A notebook of Jupyter's contents. */
export const contentsNotebook = v.pipe(line(4096), isNotebook, v.brand('ContentsPath'));

const pattern = v.pipe(
  line(1024),
  v.check(text => text.trim() !== '', says('pattern-empty')),
  v.check(text => !text.replace(/^!/, '').split('/').includes('..'), says('pattern-outside'))
);

/** Patterns of files in the notebook's folder. */
export const patterns = v.optional(v.array(pattern, says('text')), []);

/** A folder below the notebook's, or one elsewhere by its full path or from `~`. */
export const resultsFolder = v.pipe(
  line(4096),
  v.check(
    folder => !folder.split('/').includes('..') && !/^~[^/]/.test(folder),
    says('results-folder')
  )
);

/** Lines of text, each of so many characters at most. */
export const lines = (longest: number) => v.optional(v.array(line(longest), says('text')), []);

/** Yes or no, and what counts when neither is said. */
export const flag = (usual: boolean) => v.optional(v.boolean(says('yes-no')), usual);

/** One of a few words, and the one that counts when none is said. */
export const choice = <const C extends readonly [string, ...string[]]>(
  choices: C,
  usual: C[number]
) => v.optional(v.picklist(choices, says('choice', { choices: choices.join(', ') })), usual);

/** A queue, or several, as schedulers write them. */
export const queue = v.pipe(
  line(128),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.,:@+-]*$/, says('name-characters'))
);

/** What nodes must have, as Slurm writes it. */
export const constraint = v.pipe(
  line(256),
  v.regex(/^[A-Za-z0-9_.\-&|*()[\],=:]+$/, says('name-characters'))
);

/** What a site calls a kind of GPU, such as `a100` or `nvidia_h100_80gb_hbm3`. */
export const gpuType = v.pipe(
  line(64),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, says('name-characters'))
);

/**
 * What starts MPI ranks: one of our words for it, or a command that engines are put behind. No shell reads it, so what only a
 * shell would understand is refused; `{engines}` is their number.
 */
export const launcher = v.pipe(
  line(1024),
  v.check(
    text =>
      /^[A-Za-z0-9_./][^\s]*(?: +[^\s]+)*$/.test(text) &&
      /^[A-Za-z0-9_./:=@%+,^ -]*$/.test(text.replaceAll('{engines}', '')),
    says('launcher')
  )
);

/** One address, in the characters that go into a directive as they are; not every one that RFC 5322 allows. */
export const email = v.pipe(
  line(254),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.+=%-]*@[A-Za-z0-9][A-Za-z0-9.-]*$/, says('email-format'))
);

/** A job's name as the queue shows it; schedulers cut it to their own limit. */
export const jobName = v.pipe(
  line(64),
  v.regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, says('name-characters'))
);
