import type { Note } from '../api/notes';
import type { Translator } from '../api/translation';

/** What a person has to know of a job, in a sentence or two that hold before it runs and after. */
export function noteWords(note: Note, trans: Translator): string {
  switch (note.code) {
    case 'kernel-missing':
      return trans.__(
        'There is no kernel %1 where the job runs: the notebook runs in %2 instead.',
        note.kernel,
        note.python
      );
    case 'kernel-replaced':
      return trans.__(
        'The notebook runs in the Python of the job, %2, and not in its kernel %1.',
        note.kernel,
        note.python
      );
    case 'engines-elsewhere':
      return trans.__(
        'The kernel of the notebook does not say which Python it runs in: its engines run in %1.',
        note.python
      );
    case 'too-few-engines':
      return trans.__(
        'The notebook asks for %1 engines, and this job has %2: the cell that does so will fail.',
        note.asked,
        note.engines
      );
    case 'gpus-shared':
      return trans._n(
        'The %2 engines of a node share its GPU.',
        'The %2 engines of a node share its %1 GPUs, in turns.',
        note.gpus,
        note.engines
      );
    case 'engines-lost':
      return lostWords(note, trans);
    case 'whole-nodes':
      return note.nodes === 0
        ? trans.__('%1 gives a job whole nodes: all of their cores count.', note.site)
        : trans._n(
            '%2 gives a job whole nodes: all cores of its %1 node count.',
            '%2 gives a job whole nodes: all cores of its %1 nodes count.',
            note.nodes,
            note.site
          );
    case 'environment-failed':
      return trans.__(
        'Environment line %1 failed with status %3: %2',
        note.line,
        note.text,
        note.status
      );
    case 'environment-ended':
      return trans.__('Environment line %1 ended the job: %2', note.line, note.text);
    case 'other-code':
      return trans.__('The result has other code than what was submitted.');
    case 'code-not-compared':
      return trans.__(
        'The result is not a notebook whose code could be compared with what was submitted.'
      );
    case 'result-not-saved':
      return trans.__(
        'The result could not be saved at the end of the job, so outputs may be missing: is the disk there full?'
      );
    case 'no-room':
      return note.lacks === 'quota'
        ? trans.__(
            'Your quota was used up while the job ran. Of the disk that has %1: %2',
            note.folder,
            note.numbers
          )
        : trans.__(
            'A disk was full while the job ran. Of the one that has %1: %2',
            note.folder,
            note.numbers
          );
    case 'verdict-unreadable':
      return trans.__('The job said how it ended, in a file (exit.json) that cannot be read.');
    case 'unknown':
      return trans.__('Another version of this program noted: %1', note.word);
    default:
      return note satisfies never;
  }
}

function lostWords(note: Extract<Note, { code: 'engines-lost' }>, trans: Translator): string {
  const { engines, left, lost, node } = note;
  return node === ''
    ? trans._n(
        'The job went on without engine %2, which %3; %4 were left.',
        'The job went on without the engines %2, which %3; %4 were left.',
        lost,
        engines,
        endWords(note, trans),
        left
      )
    : trans._n(
        'The job went on without engine %2 on %5, which %3; %4 were left.',
        'The job went on without the engines %2 on %5, which %3; %4 were left.',
        lost,
        engines,
        endWords(note, trans),
        left,
        node
      );
}

function endWords(
  { lost, signal, status }: Extract<Note, { code: 'engines-lost' }>,
  trans: Translator
): string {
  if (signal !== null) {
    return trans._n('was killed by signal %2', 'were killed by signal %2', lost, signal);
  }
  return status === null
    ? trans._n('was not heard any more', 'were not heard any more', lost)
    : trans._n('ended with exit code %2', 'ended with exit code %2', lost, status);
}
