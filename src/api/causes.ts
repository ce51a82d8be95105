import * as v from 'valibot';
import { count, excerpt, line, statusNumber } from './bounds';
import { REFUSALS } from './refusals';

const cell = v.nullable(count);
const signal = v.nullable(statusNumber);

/**
 * Why a job ended as it did: a closed table of codes, each with the values that its sentence needs. `cell` counts
 * the code cells that are to run, from 1; `log` is the tail of the log that explains it.
 */
export const Cause = v.variant('code', [
  v.object({
    code: v.literal('cell-error'),
    cell: count,
    ename: line,
    evalue: line
  }),
  v.object({ code: v.literal('kernel-died'), cell, signal }),
  v.object({
    code: v.literal('engines-never-came'),
    ready: count,
    wanted: count,
    log: excerpt
  }),
  // What was tried, each as `how: what came of it`; `fix`: the line that installs what there was nothing of to try.
  v.object({
    code: v.literal('mpi'),
    engines: count,
    library: line,
    tried: v.pipe(v.array(line), v.maxLength(1000)),
    fix: line,
    log: excerpt
  }),
  v.object({
    code: v.literal('engines-lost'),
    engines: v.pipe(v.array(count), v.maxLength(1_000_000)),
    cell,
    log: excerpt
  }),
  v.object({
    code: v.literal('environment'),
    module: line,
    python: line,
    fix: line,
    // A package that is there: too old, or it cannot be imported.
    version: v.optional(line),
    oldest: v.optional(line),
    error: v.optional(line),
    // The environment line that failed before.
    after: v.optional(v.object({ line: count, text: line }))
  }),
  // For a kernel in another language than Python; `kernel` is empty where the notebook names only the language.
  v.object({
    code: v.literal('kernel-missing'),
    kernel: line,
    language: line,
    kernels: v.pipe(v.array(line), v.maxLength(1000))
  }),
  v.object({ code: v.literal('notebook-invalid'), text: excerpt }),
  v.object({ code: v.literal('time-limit'), cell }),
  v.object({ code: v.literal('deadline') }),
  // 'account': with the same account, and not through us; 'cluster': on the cluster, by whomever.
  v.object({
    code: v.literal('cancelled'),
    by: v.picklist(['you', 'account', 'administrator', 'cluster', 'unknown'])
  }),
  v.object({ code: v.literal('out-of-memory'), cell }),
  v.object({ code: v.literal('node-failure') }),
  v.object({ code: v.literal('preempted') }),
  v.object({ code: v.literal('killed'), signal }),
  v.object({ code: v.literal('ended-early'), status: statusNumber }),
  v.object({ code: v.literal('restarted') }),
  v.object({ code: v.literal('not-sent'), text: excerpt }),
  // Of the base folder's disk, or of the person's quota there.
  v.object({
    code: v.literal('no-room'),
    lacks: v.picklist(['disk', 'quota']),
    folder: line,
    text: excerpt
  }),
  // Records of earlier versions have no reason.
  v.object({
    code: v.literal('refused'),
    reason: v.optional(v.nullable(v.picklist(REFUSALS)), null),
    // Another reason, in the word of a newer service.
    word: v.optional(line),
    text: excerpt
  }),
  v.object({ code: v.literal('submission-unclear') }),
  v.object({ code: v.literal('no-word') }),
  // Found out by a newer service, for which there is only its word here.
  v.object({ code: v.literal('unknown'), word: line })
]);
export type Cause = v.InferOutput<typeof Cause>;

/** The same as a newer service may say it: what is not known here becomes `unknown`, with its bare word. */
export const AnyCause = v.union([
  Cause,
  v.pipe(
    v.object({ code: v.literal('refused'), reason: line, text: excerpt }),
    v.transform(({ code, reason, text }): Cause => ({ code, reason: null, word: reason, text }))
  ),
  v.pipe(
    v.object({ code: line }),
    v.transform(({ code }): Cause => ({ code: 'unknown', word: code }))
  )
]);
export type CauseCode = Cause['code'];

/** Causes that only tell how a job was seen to die; the scheduler may know why, and its word replaces them. */
export const SYMPTOMS: readonly CauseCode[] = [
  'killed',
  'kernel-died',
  'engines-never-came',
  'engines-lost'
];
