import * as v from 'valibot';
import { count, line, statusNumber } from './bounds';

/**
 * What a person has to know of a job beside its state, and what nothing else says: a closed table of codes, each with
 * the values that its sentence needs. The script and the runner notice such things; where they can be known before, the
 * check of a form tells them, too.
 */
export const Note = v.variant('code', [
  // The notebook's kernel is not where the job runs, so that another Python stands in for it.
  v.object({ code: v.literal('kernel-missing'), kernel: line, python: line }),
  // The job has a Python of its own, so that the notebook's kernel does not count.
  v.object({ code: v.literal('kernel-replaced'), kernel: line, python: line }),
  // The kernel would not say which Python it runs in, so that its engines may be in another.
  v.object({ code: v.literal('engines-elsewhere'), python: line }),
  // A number in the notebook asks for more engines than the job has, so that the cell will fail.
  v.object({ code: v.literal('too-few-engines'), asked: count, engines: count }),
  // On one node there are more engines than GPUs, so that several see the same.
  v.object({ code: v.literal('gpus-shared'), engines: count, gpus: count }),
  // The job goes on without these engines, `lost` in number, as was asked for; `node` is '' where there is only one. How an engine
  // ended is not known where nobody saw it: `signal` and `status` are null.
  v.object({
    code: v.literal('engines-lost'),
    engines: line,
    lost: count,
    left: count,
    node: line,
    signal: v.nullable(statusNumber),
    status: v.nullable(statusNumber)
  }),
  // The site gives a job each of its nodes whole; `nodes` is how many, 0 where the batch system decides.
  v.object({ code: v.literal('whole-nodes'), site: line, nodes: count }),
  // Lines are counted with the site's before the person's; `text` is the beginning of the line.
  v.object({
    code: v.literal('environment-failed'),
    line: count,
    text: line,
    status: statusNumber
  }),
  // It ended the shell, and the job with it.
  v.object({ code: v.literal('environment-ended'), line: count, text: line }),
  // The code cells of the result are not those that were submitted.
  v.object({ code: v.literal('other-code') }),
  // The result is no notebook in which code could be found.
  v.object({ code: v.literal('code-not-compared') }),
  // Its last save failed, so that outputs may be missing: a disk that is full, say.
  v.object({ code: v.literal('result-not-saved') }),
  // Of the job's folder; `numbers` is how much is taken of its disk and of the person's quota, as far as that can be told.
  v.object({
    code: v.literal('no-room'),
    lacks: v.picklist(['disk', 'quota']),
    folder: line,
    numbers: line
  }),
  // exit.json was there, and cannot be read: the end is told by the queue alone.
  v.object({ code: v.literal('verdict-unreadable') }),
  // Noted by another version than this one, which has only the word for it.
  v.object({ code: v.literal('unknown'), word: line })
]);
export type Note = v.InferOutput<typeof Note>;
export type NoteCode = Note['code'];

/** How many notes of a job, and how much of a word, are kept. */
const MOST_NOTES = 20;
const MOST_CHARACTERS = 80;

/** The notes of a job, from whatever wrote them: what cannot be read is nothing, or its bare word, and never an error. */
export const Notes = v.fallback(
  v.pipe(
    v.array(v.unknown()),
    v.transform(notes => notes.flatMap(readNote).slice(0, MOST_NOTES))
  ),
  []
);

function readNote(note: unknown): Note[] {
  const read = v.safeParse(v.union([Note, v.object({ code: v.string() })]), note);
  if (!read.success) {
    return [];
  }
  return v.is(Note, read.output)
    ? [read.output]
    : [{ code: 'unknown', word: read.output.code.slice(0, MOST_CHARACTERS) }];
}

/** All notes of two lists, each once, the first that are kept at most. */
export function joinNotes(notes: readonly Note[], more: readonly Note[]): Note[] {
  const known = new Set(notes.map(note => JSON.stringify(note)));
  return [...notes, ...more.filter(note => !known.has(JSON.stringify(note)))].slice(0, MOST_NOTES);
}
