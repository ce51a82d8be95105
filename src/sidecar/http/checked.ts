import type { Request } from 'express';
import * as v from 'valibot';
import { JobId } from '../../api/job';
import { problem } from '../../api/problem';

/** A request's JSON body, typed by its schema; throws the problem `invalid-request`. */
export function bodyOf<S extends v.GenericSchema>(schema: S, request: Request): v.InferOutput<S> {
  return checked(schema, request.body, 'body');
}

/** The job id in a request's path. */
export function idOf(request: Request): string {
  return checked(JobId, request.params['id'], 'id');
}

/** A value from outside, typed by its schema. */
export function checked<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  what: string
): v.InferOutput<S> {
  const read = v.safeParse(schema, value);
  if (!read.success) {
    const output = read.issues
      .map(issue => `${v.getDotPath(issue) ?? what}: ${issue.message}`)
      .join('\n');
    throw problem('invalid-request', {}, { details: { output } });
  }
  return read.output;
}
