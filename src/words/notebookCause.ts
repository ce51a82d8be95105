import type { Cause } from '../api/causes';
import type { Translator } from '../api/translation';
import type { CauseTable } from './causeTable';
import { errorLine, inCell, signalText } from './causeText';
import { environmentLine, environmentWords, kernelWords, mpiWords } from './environmentCause';

/** What ends a job from within: its cells, kernel, engines and environment. */
export const NOTEBOOK_CAUSES = {
  'cell-error': {
    line: (cause, trans) =>
      trans.__('cell %1, %2', cause.cell, errorLine(cause.ename, cause.evalue)),
    words: (cause, trans) => ({
      title: trans.__('Cell %1 failed: %2', cause.cell, errorLine(cause.ename, cause.evalue)),
      advice: errorAdvice(cause, trans),
      details: cause.evalue.includes('\n') ? `${cause.ename}: ${cause.evalue}` : ''
    })
  },
  'kernel-died': {
    line: (cause, trans) =>
      inCell(cause.cell, trans.__('the kernel died'), cell =>
        trans.__('the kernel died in cell %1', cell)
      ),
    words: (cause, trans) => ({
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
    })
  },
  'engines-never-came': {
    line: (cause, trans) => trans.__('only %1 of %2 engines started', cause.ready, cause.wanted),
    words: (cause, trans) => ({
      title: trans.__(
        'Only %1 of %2 engines started, and the job gave up waiting.',
        cause.ready,
        cause.wanted
      ),
      advice: trans.__(
        'The end of their log says why; most often a package is missing in their environment, or memory is too little for so many.'
      ),
      details: cause.log.trimEnd()
    })
  },
  'engines-lost': {
    line: (cause, trans) => trans._n('an engine died', '%1 engines died', cause.engines.length),
    words: (cause, trans) => ({
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
    })
  },
  mpi: {
    line: (_, trans) => trans.__('MPI did not connect the engines'),
    words: (cause, trans) => mpiWords(cause, trans)
  },
  environment: {
    line: (cause, trans) => environmentLine(cause, trans),
    words: (cause, trans) => environmentWords(cause, trans)
  },
  'kernel-missing': {
    line: (cause, trans) => trans.__('no kernel for %1', cause.language),
    words: (cause, trans) => kernelWords(cause, trans)
  },
  'notebook-invalid': {
    line: (_, trans) => trans.__('not a readable notebook'),
    words: (cause, trans) => ({
      title: trans.__('The notebook cannot be read as a notebook.'),
      advice: trans.__('Open it in JupyterLab and save it, then submit it again.'),
      details: cause.text.trimEnd()
    })
  }
} satisfies Partial<CauseTable>;

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
  // IPython's words: ipyparallel's magics are there once the notebook has a Client.
  if (/ magic .*`%%?(px|autopx)\w*` not found/.test(evalue)) {
    return trans.__(
      "ipyparallel's magics come with its Client. Write in a cell before this one: import ipyparallel as ipp; rc = ipp.Client()"
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
    case 'StdinNotImplementedError':
      return trans.__(
        'Nobody is there to answer while a job runs: write the answer into the notebook instead of asking for it.'
      );
    case 'MemoryError':
      return trans.__('Use less memory, or ask for more memory per core.');
    default:
      return trans.__('The whole traceback is in the executed notebook.');
  }
}
