import * as v from 'valibot';
import { JobId, JobRecord } from './job';
import { problem } from './problem';

/** What the event stream tells; each message is the whole of what it is about, so none needs an earlier one. */
export const JobEvent = v.variant('type', [
  /** First on each stream: all jobs, newest first. */
  v.object({ type: v.literal('jobs'), jobs: v.array(JobRecord) }),
  v.object({ type: v.literal('job'), job: JobRecord }),
  v.object({ type: v.literal('removed'), id: JobId })
]);
export type JobEvent = v.InferOutput<typeof JobEvent>;

/** One message of a server-sent event stream (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
export function formatEvent(event: JobEvent): string {
  return `data: ${JSON.stringify(event)}\n\n`;
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
        yield read(data);
      }
    }
  }
}

function read(data: string): JobEvent {
  const event = v.safeParse(v.pipe(v.string(), v.parseJson(), JobEvent), data);
  if (!event.success) {
    throw problem('answer-unreadable', {}, { details: { output: data.slice(0, 2000) } });
  }
  return event.output;
}
