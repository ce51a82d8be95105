import type { Cause } from '../api/causes';
import type { Translator } from '../api/translation';
import { errorLine, inCell } from './causeLine';
import { environmentWords, kernelWords, mpiWords } from './environmentCause';
import { type Explanation, unknownAdvice } from './explanation';
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
      return environmentWords(cause, trans);
    case 'kernel-missing':
      return kernelWords(cause, trans);
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
      return { ...refusalWords(cause, trans), details: cause.text.trimEnd() };
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
    case 'unknown':
      return {
        title: trans.__(
          'This job ended for a reason that this version has no words for (%1).',
          cause.word
        ),
        advice: unknownAdvice(trans),
        details: ''
      };
    default:
      return cause satisfies never;
  }
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
