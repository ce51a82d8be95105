import * as v from 'valibot';
import { count, duration, finite, line, moment } from './bounds';
import { Cause } from './causes';
import { JobId } from './job';
import { KeptJobSpec } from './jobSpec';
import { Notes } from './notes';

/** started.json, written by the script. */
export const StartedFile = v.object({
  schedulerId: line,
  host: line,
  startedAt: moment
});
export type StartedFile = v.InferOutput<typeof StartedFile>;

/** progress.json, written by the runner. */
export const ProgressFile = v.object({
  at: moment,
  /** How long the job has run, and the cell in work, as the runner counts, whatever becomes of the node's clock. */
  ranSeconds: v.optional(duration),
  phase: v.picklist(['starting', 'running', 'finishing']),
  engines: v.object({ ready: count, wanted: count }),
  cell: v.nullable(
    v.object({
      index: count,
      total: count,
      startedAt: moment,
      ranSeconds: v.optional(duration)
    })
  ),
  notes: v.optional(Notes, [])
});
export type ProgressFile = v.InferOutput<typeof ProgressFile>;

/** exit.json: the runner's verdict, or the script's last word. */
export const ExitFile = v.object({
  state: v.picklist(['succeeded', 'failed', 'timed-out', 'cancelled']),
  cause: v.nullable(Cause),
  endedAt: moment,
  /** How long the job ran, by what nobody sets; earlier versions did not say. */
  ranSeconds: v.optional(duration),
  notes: v.optional(Notes, [])
});
export type ExitFile = v.InferOutput<typeof ExitFile>;

/** What of job.json tells of a job whose record was lost; earlier versions wrote no `record`. */
export const JobFile = v.object({
  id: JobId,
  notebook: line,
  directory: line,
  engines: count,
  limitSeconds: finite,
  allowErrors: v.boolean(),
  record: v.optional(v.object({ createdAt: moment, machine: line, spec: KeptJobSpec }))
});
export type JobFile = v.InferOutput<typeof JobFile>;

/** Reads one of these files; null when the text is not (yet) a valid one. */
export function readRunFile<S extends v.GenericSchema>(
  schema: S,
  text: string
): v.InferOutput<S> | null {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return read.success ? read.output : null;
}
