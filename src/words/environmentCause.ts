import type { Cause } from '../api/causes';
import type { Translator } from '../api/translation';
import type { Explanation } from './explanation';

/** The module name that stands for the interpreter itself. */
const INTERPRETER = 'python';

/** What a job did not find where it ran: Python and packages, after an environment line that failed where one did. */
export function environmentWords(
  cause: Extract<Cause, { code: 'environment' }>,
  trans: Translator
): Explanation {
  return afterLine(cause, missingWords(cause, trans), trans);
}

/** A kernel that is not there. */
export function kernelWords(
  cause: Extract<Cause, { code: 'kernel-missing' }>,
  trans: Translator
): Explanation {
  return {
    title: missingKernel(cause, trans),
    advice:
      cause.kernels.length === 0
        ? trans.__('Install a kernel for this language in the environment of the job.')
        : trans.__(
            'Kernels there: %1. Choose one of them in the notebook, or install the one that it names where the job runs.',
            cause.kernels.join(', ')
          ),
    details: ''
  };
}

/** Engines that MPI did not connect. */
export function mpiWords(
  { engines, fix, library, log, tried }: Extract<Cause, { code: 'mpi' }>,
  trans: Translator
): Explanation {
  const mpi = library === '' ? 'MPI' : library;
  return {
    title: trans.__('MPI did not connect the engines, so nothing was computed.'),
    advice:
      tried.length === 0
        ? trans.__('There is no mpiexec of their %1. Install it, then submit again: %2', mpi, fix)
        : trans.__(
            'Each of the %1 engines would have computed alone. What was tried, in this order, and what came of it, is below. Give them an mpi4py with an MPI that can be started there (theirs: %2), often by a module of the site in the environment lines; or, where the site starts MPI programs by a command of its own, name that as the MPI launcher (--launcher). The administrators know both.',
            engines,
            mpi
          ),
    details: [...tried, log.trimEnd()].filter(line => line !== '').join('\n')
  };
}

function missingKernel(
  { kernel, language }: Extract<Cause, { code: 'kernel-missing' }>,
  trans: Translator
): string {
  return kernel === ''
    ? trans.__('There is no kernel for %1 where the job runs.', language)
    : trans.__('There is no kernel %1 (%2) where the job runs.', kernel, language);
}

/** An environment line that failed leads: what is missing then is missing for that, as a rule. */
function afterLine(
  { after }: Extract<Cause, { code: 'environment' }>,
  missing: Explanation,
  trans: Translator
): Explanation {
  return after === undefined
    ? missing
    : {
        title: trans.__('Environment line %1 failed: %2', after.line, after.text),
        advice: trans.__(
          'Correct the line, and submit again. What it says is in the job\u2019s log. After it: %1 %2',
          missing.title,
          missing.advice
        ),
        details: missing.details
      };
}

function missingWords(
  { error, fix, module, oldest, python, version }: Extract<Cause, { code: 'environment' }>,
  trans: Translator
): Explanation {
  if (version !== undefined) {
    return {
      title: trans.__('%1 %2 is too old: %3 or newer is needed.', module, version, oldest ?? ''),
      advice: trans.__('Bring it up to date with this line, then submit again: %1', fix),
      details: ''
    };
  }
  if (error !== undefined) {
    return {
      title: trans.__('%1 cannot be imported in %2.', module, python),
      advice: trans.__(
        'Some packages there do not fit together. Bring them up to date with this line, then submit again: %1',
        fix
      ),
      details: error
    };
  }
  return module === INTERPRETER
    ? {
        title: trans.__('There is no Python at %1.', python),
        advice: trans.__(
          'Name the Python of your environment, or the lines that activate it, and submit again.'
        ),
        details: fix
      }
    : {
        title: trans.__('%1 is not installed in %2.', module, python),
        advice:
          fix === ''
            ? trans.__('Install it there, then submit again.')
            : trans.__('Install it with this line, then submit again: %1', fix),
        details: ''
      };
}

/** The same in a few words. */
export function environmentLine(
  cause: Extract<Cause, { code: 'environment' }>,
  trans: Translator
): string {
  if (cause.after !== undefined) {
    return trans.__('environment line %1 failed', cause.after.line);
  }
  if (cause.version !== undefined) {
    return trans.__('%1 %2 is too old', cause.module, cause.version);
  }
  if (cause.error !== undefined) {
    return trans.__('%1 cannot be imported', cause.module);
  }
  return cause.module === INTERPRETER
    ? trans.__('no Python at %1', cause.python)
    : trans.__('%1 is not installed in the environment', cause.module);
}
