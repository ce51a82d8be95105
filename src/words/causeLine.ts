import type { Cause } from '../api/causes';
import type { Translator } from '../api/translation';
import { refusalLine } from './refusal';

/** A cause in a few words, for a line that already says that the job failed: `cell 12, NameError: x`. */
export function causeLine(cause: Cause, trans: Translator): string {
  switch (cause.code) {
    case 'cell-error':
      return trans.__('cell %1, %2', cause.cell, errorLine(cause.ename, cause.evalue));
    case 'kernel-died':
      return inCell(cause.cell, trans.__('the kernel died'), cell =>
        trans.__('the kernel died in cell %1', cell)
      );
    case 'engines-never-came':
      return trans.__('only %1 of %2 engines started', cause.ready, cause.wanted);
    case 'mpi':
      return trans.__('MPI did not connect the engines');
    case 'engines-lost':
      return trans._n('an engine died', '%1 engines died', cause.engines.length);
    case 'environment':
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
    case 'kernel-missing':
      return trans.__('no kernel for %1', cause.language);
    case 'notebook-invalid':
      return trans.__('not a readable notebook');
    case 'time-limit':
      return trans.__('time limit reached');
    case 'deadline':
      return trans.__('deadline passed');
    case 'cancelled':
      return trans.__('cancelled');
    case 'out-of-memory':
      return inCell(cause.cell, trans.__('out of memory'), cell =>
        trans.__('out of memory in cell %1', cell)
      );
    case 'node-failure':
      return trans.__('a node of the cluster failed');
    case 'preempted':
      return trans.__('ended to make room for other jobs');
    case 'killed':
      return trans.__('killed from outside');
    case 'ended-early':
      return trans.__('ended early, with status %1', cause.status);
    case 'restarted':
      return trans.__('started twice by the cluster');
    case 'not-sent':
      return trans.__('not sent');
    case 'refused':
      return refusalLine(cause.reason, trans);
    case 'submission-unclear':
      return trans.__('submission unclear');
    case 'no-word':
      return trans.__('no result');
    case 'unknown':
      return trans.__('reason unknown here (%1)', cause.word);
    default:
      return cause satisfies never;
  }
}

/** The module name that stands for the interpreter itself. */
export const INTERPRETER = 'python';

/** A Python error in one line: its class, and the first line of its text. */
export function errorLine(ename: string, evalue: string): string {
  const [first = ''] = evalue.trim().split('\n');
  return first === '' ? ename : `${ename}: ${first}`;
}

/** The sentence that names the cell, where it is known. */
export function inCell(
  cell: number | null,
  anywhere: string,
  there: (cell: number) => string
): string {
  return cell === null ? anywhere : there(cell);
}
