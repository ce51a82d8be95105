import * as v from 'valibot';
import { JobId, type JobRecord, briefJob } from './job';
import { AnyProblem, type Problem, problem } from './problem';
import { PROTOCOL, noticesOf } from './protocol';
import { AnyQuestions, type Question } from './question';
import { readRecords } from './readRecords';

/** What the event stream tells; each message is the whole of what it is about, so none needs an earlier one. */
export type JobEvent =
  /** First on each stream: all jobs, newest first, the ids of those whose records cannot be read, and what is to be told. */
  | {
      type: 'jobs';
      jobs: JobRecord[];
      unreadable?: string[];
      notices?: Problem[];
      protocol?: number;
    }
  | { type: 'job'; job: JobRecord }
  /** The job has changed, and its record cannot be read any more. */
  | { type: 'unreadable'; id: string }
  | { type: 'removed'; id: string }
  /** What logins ask now: all of it. */
  | { type: 'questions'; questions: Question[] };

/** The same as it comes: each record is read for itself. */
const Message = v.variant('type', [
  v.object({
    type: v.literal('jobs'),
    jobs: v.array(v.unknown()),
    unreadable: v.optional(v.array(v.string()), []),
    notices: v.optional(v.array(AnyProblem), []),
    protocol: v.optional(v.number(), PROTOCOL)
  }),
  v.object({ type: v.literal('job'), job: v.unknown() }),
  v.object({ type: v.literal('unreadable'), id: v.string() }),
  v.object({ type: v.literal('removed'), id: JobId }),
  v.object({ type: v.literal('questions'), questions: AnyQuestions })
]);

/** What a newer service tells beside these. */
const Other = v.object({
  type: v.pipe(
    v.string(),
    v.check(type => !Message.options.some(({ entries }) => entries.type.literal === type))
  )
});

/** One message of a server-sent event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function formatEvent(event: JobEvent): string {
  return `data: ${JSON.stringify(briefEvent(event))}\n\n`;
}

function briefEvent(event: JobEvent): object {
  switch (event.type) {
    case 'jobs':
      return { ...event, jobs: event.jobs.map(briefJob) };
    case 'job':
      return { ...event, job: briefJob(event.job) };
    case 'unreadable':
    case 'removed':
    case 'questions':
      return event;
    default:
      return event satisfies never;
  }
}

/** A comment line, which keeps proxies from closing a quiet stream. */
export const KEEP_ALIVE = ': still here\n\n';

/** Reads events out of a stream's text, however it is cut into chunks. Throws the problem `answer-unreadable`. */
export async function* parseEvents(chunks: AsyncIterable<string>): AsyncGenerator<JobEvent> {
  let rest = '';
  for await (const chunk of chunks) {
    const messages = (rest + chunk).split('\n\n');
    rest = messages.pop() ?? '';
    for (const message of messages) {
      const data = message
        .split('\n')
        .filter(line => line.startsWith('data:'))
        .map(line => line.slice('data:'.length).trimStart())
        .join('\n');
      if (data !== '') {
        yield* read(data);
      }
    }
  }
}

/** One message; nothing for one of a kind that is not known here. */
function read(data: string): JobEvent[] {
  const Known = v.union([Message, Other]);
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), Known), data);
  if (!read.success) {
    throw problem('answer-unreadable', {}, { details: { output: data.slice(0, 2000) } });
  }
  return v.is(Other, read.output) ? [] : [eventOf(read.output)];
}

function eventOf(message: v.InferOutput<typeof Message>): JobEvent {
  if (message.type === 'jobs') {
    const { jobs, unreadable } = readRecords(message.jobs);
    const all = [...message.unreadable, ...unreadable];
    const notices = [...message.notices, ...noticesOf(message.protocol)];
    return {
      type: 'jobs',
      jobs,
      ...(all.length > 0 && { unreadable: all }),
      ...(notices.length > 0 && { notices })
    };
  }
  if (message.type === 'job') {
    const { jobs, unreadable } = readRecords([message.job]);
    const [job] = jobs;
    return job ? { type: 'job', job } : { type: 'unreadable', id: unreadable.join('') };
  }
  return message;
}
