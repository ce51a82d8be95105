import { type Problem, type ProblemCode, ProblemError } from '../api/problem';
import { type Explanation, problemWords } from '../words';
import { english } from '../api/translation';
import { flagOf } from './fieldOptions';
import { NoAnswer } from './noAnswer';
import { detailLines } from './outcome';
import { printable } from './printable';
import type { Screen } from './screen';
import { UsageError } from './usageError';

/** Says what went wrong: one sentence, what to do, and what stood behind it. */
export function sayFailure(screen: Screen, error: unknown): void {
  const { advice, details, title } = explanationOf(error);
  const paint = screen.paintError;
  screen.error(`${paint('bad', 'jupyter submit:')} ${printable(title)}`);
  if (advice !== '') {
    printable(advice)
      .split('\n')
      .forEach(line => screen.error(`  ${line}`));
  }
  detailLines(details).forEach(line => screen.error(`  ${paint('faint', line)}`));
}

/** Where a person finds the settings without JupyterLab. */
const SETTINGS =
  'The file: jupyterlab-submit/plugin.jupyterlab-settings in the settings folder that `jupyter lab path` names';

/** The command that does what the advice says, or the place that it speaks of, where there is one. */
const HINTS: Partial<Record<ProblemCode, string | ((values: Problem['values']) => string)>> = {
  'cluster-settings': SETTINGS,
  'settings-invalid': SETTINGS,
  'no-scheduler': SETTINGS,
  'several-schedulers': SETTINGS,
  'unknown-cluster': 'List them: jupyter submit clusters',
  'no-such-job': 'List them: jupyter submit list --all',
  'result-not-fetched': ({ id }) =>
    `jupyter submit fetch ${id}, or jupyter submit remove ${id} --even-result`
};

function explanationOf(error: unknown): Explanation {
  if (error instanceof ProblemError) {
    const words = problemWords(error.problem, english, flagOf);
    const hint = HINTS[error.problem.code];
    const line = typeof hint === 'function' ? hint(error.problem.values) : hint;
    return line === undefined ? words : { ...words, advice: `${words.advice}\n${line}` };
  }
  if (error instanceof NoAnswer) {
    return {
      title: 'The service that submits and watches jobs does not answer.',
      advice: 'Try again. Jobs that were submitted go on meanwhile.',
      details: error.message
    };
  }
  if (error instanceof UsageError) {
    return { title: error.message, advice: error.advice, details: '' };
  }
  return {
    title: 'Something went wrong that should not have. Please report it with these lines.',
    advice: '',
    details: error instanceof Error ? (error.stack ?? error.message) : String(error)
  };
}
