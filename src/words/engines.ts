import type { JobRecord } from '../api/job';
import type { CheckAnswer } from '../api/routes';
import type { Translator } from '../api/translation';
import { durationWords } from './duration';

/** How many of its engines a job has: `64 of 64 engines`; empty for a notebook without engines, and before the start. */
export function engineWords({ progress }: JobRecord, trans: Translator): string {
  const { ready, wanted } = progress?.engines ?? { ready: 0, wanted: 0 };
  return wanted === 0 ? '' : trans._n('%2 of %1 engine', '%2 of %1 engines', wanted, ready);
}

/**
 * What is going to happen, in a sentence: `64 engines on 8 nodes, at most 2 h.` `engines` is how many will start, which
 * is 0 when the notebook uses none.
 */
export function planWords(
  { engines, mpi, spec }: Pick<CheckAnswer, 'engines' | 'mpi' | 'spec'>,
  trans: Translator
): string {
  const { cores, nodes, startEngines, timeSeconds } = spec;
  const limit = durationWords(timeSeconds, trans);
  if (startEngines === 'never') {
    return trans.__('No engines start, as asked for; at most %1.', limit);
  }
  if (engines === 0) {
    return trans._n(
      'Nothing in this notebook uses ipyparallel: it runs without engines, on %1 core, for at most %2.',
      'Nothing in this notebook uses ipyparallel: it runs without engines, on %1 cores of one node, for at most %2.',
      cores,
      limit
    );
  }
  const started = mpi
    ? trans._n('%1 engine as an MPI rank', '%1 engines as MPI ranks', engines)
    : trans._n('%1 engine', '%1 engines', engines);
  return nodes === undefined
    ? trans.__('%1, at most %2.', started, limit)
    : trans.__('%1 on %2, at most %3.', started, trans._n('%1 node', '%1 nodes', nodes), limit);
}
