import type { Cause } from '../causes';
import type { Translator } from '../translation';
import { INTERPRETER, errorLine, inCell } from './causeLine';
import type { Explanation } from './explanation';
import { refusalWords } from './refusal';

/** Why a job ended as it did: what happened, what to do, and the text behind it. */
export function causeWords(cause: Cause, trans: Translator): Explanation {
  switch (cause.code) {
    case 'cell-error':
      return {
        title: trans.__('Cell %1 failed: %2', cause.cell, errorLine(cause.ename, cause.evalue)),
        advice: errorAdvice(cause, trans),
        details: cause.evalue.includes('\n') ? `${cause.ename}: ${cause.evalue}` : ''
      };
    case 'kernel-died':
      return {
        title: inCell(cause.cell, trans.__('The kernel died.'), cell =>
          trans.__('The kernel died in cell %1.', cell)
        ),
        advice:
          cause.signal === KILL
            ? trans.__(
                'Something killed it; usually that is too little memory. Use less of it, or ask for more memory per core.'
              )
            : trans.__(
                'Look into the log of the kernel. A library that crashes, an exit() in a cell and too little memory all end this way.'
              ),
        details: signalText(cause.signal, trans)
      };
    case 'engines-never-came':
      return {
        title: trans.__(
          'Only %1 of %2 engines started, and the job gave up waiting.',
          cause.ready,
          cause.wanted
        ),
        advice: trans.__(
          'The end of their log says why; most often a package is missing in their environment, or memory is too little for so many.'
        ),
        details: cause.log.trimEnd()
      };
    case 'mpi':
      return mpiWords(cause, trans);
    case 'engines-lost':
      return {
        title: trans._n(
          'Engine %2 died while the notebook ran.',
          '%1 engines died while the notebook ran: %2.',
          cause.engines.length,
          cause.engines.join(', ')
        ),
        advice: trans.__(
          'The end of its log may say why; often that is memory. Use less of it on each engine, or ask for fewer engines with more memory.'
        ),
        details: cause.log.trimEnd()
      };
    case 'environment':
      return afterLine(cause, environmentWords(cause, trans), trans);
    case 'kernel-missing':
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
    case 'notebook-invalid':
      return {
        title: trans.__('The notebook cannot be read as a notebook.'),
        advice: trans.__('Open it in JupyterLab and save it, then submit it again.'),
        details: cause.text.trimEnd()
      };
    case 'time-limit':
      return {
        title: inCell(cause.cell, trans.__('The time limit was reached.'), cell =>
          trans.__('The time limit was reached in cell %1.', cell)
        ),
        advice: trans.__('What was computed until then is kept. Submit again with more time.'),
        details: ''
      };
    case 'deadline':
      return {
        title: trans.__('The deadline that was asked for passed before the job was over.'),
        advice: trans.__('Submit it again with a later deadline, or with none.'),
        details: ''
      };
    case 'cancelled':
      return { title: cancelledBy(cause.by, trans), advice: '', details: '' };
    case 'out-of-memory':
      return {
        title: inCell(cause.cell, trans.__('The job ran out of memory.'), cell =>
          trans.__('The job ran out of memory in cell %1.', cell)
        ),
        advice: trans.__(
          'Ask for more memory per core, or use less of it, and submit it again. What was computed until then is kept.'
        ),
        details: ''
      };
    case 'node-failure':
      return {
        title: trans.__('A node of the cluster failed while it had this job.'),
        advice: trans.__('It was not the fault of your notebook: submit it again.'),
        details: ''
      };
    case 'preempted':
      return {
        title: trans.__('The cluster ended this job to make room for others that go first.'),
        advice: trans.__(
          'Submit it again. Where that happens often, another queue or QoS may let a job run to its end.'
        ),
        details: ''
      };
    case 'killed':
      return {
        title: trans.__('The job was killed from outside before it could say why.'),
        advice: trans.__(
          'Too little memory ends this way, and so does a restart of the machine. Use less memory, or submit it again.'
        ),
        details: signalText(cause.signal, trans)
      };
    case 'ended-early':
      return {
        title: trans.__('The job ended with status %1 and did not say why.', cause.status),
        advice: trans.__(
          'Its log may say more. An environment line that ends the script, and a Python that cannot start, end this way.'
        ),
        details: ''
      };
    case 'restarted':
      return {
        title: trans.__(
          'The cluster started this job a second time, and the second start was ended.'
        ),
        advice: trans.__('What the first start computed is kept. Submit it again for a full run.'),
        details: ''
      };
    case 'not-sent':
      return {
        title: trans.__('The job could not be sent to the cluster, so it was not submitted.'),
        advice: trans.__('Put right what is named below, then submit it again.'),
        details: cause.text.trimEnd()
      };
    case 'refused':
      return { ...refusalWords(cause.reason, cause.text, trans), details: cause.text.trimEnd() };
    case 'submission-unclear':
      return {
        title: trans.__('It is not known whether the cluster took this job.'),
        advice: trans.__(
          'The connection broke during the submission. Check again later; submit it again only when the cluster does not have it.'
        ),
        details: ''
      };
    case 'no-word':
      return {
        title: trans.__('The cluster no longer knows this job, and it left no result.'),
        advice: trans.__(
          'Check again later: results can appear late. Its folder stays where it is.'
        ),
        details: ''
      };
    default:
      return cause satisfies never;
  }
}

function missingKernel(
  { kernel, language }: Extract<Cause, { code: 'kernel-missing' }>,
  trans: Translator
): string {
  return kernel === ''
    ? trans.__('There is no kernel for %1 where the job runs.', language)
    : trans.__('There is no kernel %1 (%2) where the job runs.', kernel, language);
}

/** The signal that cannot be caught: what an out-of-memory killer sends. */
const KILL = 9;

function errorAdvice(
  { ename, evalue }: Extract<Cause, { code: 'cell-error' }>,
  trans: Translator
): string {
  // ipyparallel's words for a connection file that is not there (ipyparallel/client/client.py)
  if (evalue.includes('no Controller could be found')) {
    return trans.__(
      'Where only a package of your own uses ipyparallel, no engines start by themselves: submit again with Start engines: always (--engines always).'
    );
  }
  switch (ename) {
    case 'ModuleNotFoundError':
    case 'ImportError':
      return trans.__(
        'Install it in the environment that the job uses; when it is a file of your own, take it along.'
      );
    case 'FileNotFoundError':
      return trans.__(
        'A job has only the files that were taken along: put this one below the folder of the notebook and take it along. One that is to be written needs its folder: make it first.'
      );
    case 'MemoryError':
      return trans.__('Use less memory, or ask for more memory per core.');
    default:
      return trans.__('The whole traceback is in the executed notebook.');
  }
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

function environmentWords(
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

function mpiWords(
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
            'Each of the %1 engines would have computed alone. Give them an mpi4py with an MPI that can be started there (theirs: %2), often by a module of the site in the environment lines; the administrators know which.',
            engines,
            mpi
          ),
    details: [...tried, log.trimEnd()].filter(line => line !== '').join('\n')
  };
}

function cancelledBy(by: Extract<Cause, { code: 'cancelled' }>['by'], trans: Translator): string {
  switch (by) {
    case 'you':
      return trans.__('You cancelled this job.');
    case 'account':
      return trans.__('This job was cancelled on the cluster, with your own account.');
    case 'administrator':
      return trans.__('This job was cancelled by an administrator of the cluster.');
    case 'cluster':
      return trans.__('This job was cancelled on the cluster.');
    case 'unknown':
      return trans.__('This job was cancelled; nothing says by whom.');
    default:
      return by satisfies never;
  }
}

function signalText(signal: number | null, trans: Translator): string {
  return signal === null ? '' : trans.__('Signal: %1', signal);
}
