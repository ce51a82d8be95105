import { Router } from 'express';
import * as v from 'valibot';
import { KEEP_ALIVE, formatEvent } from '../../api/events';
import { JobId } from '../../api/job';
import { PROTOCOL } from '../../api/protocol';
import { ROUTES } from '../../api/routes';
import type { Jobs } from '../records/jobs';
import type { Questions } from '../remote/questions';
import type { Notices } from '../records/notices';
import type { Log } from '../process/log';
import type { Life } from '../lifecycle/life';
import type { Viewers } from '../watching/viewers';
import { checked } from './checked';

/** Milliseconds between signs of life on a quiet stream; proxies close streams after 30 to 60 s. */
const KEEP_ALIVE_MS = 15_000;

/**
 * Bytes of changes that may wait for a reader, beside the list that the stream begins with: a page that does not read, or a slow
 * way to it, would have them kept here without an end. It is cut off, comes again, and is given the list as it is then.
 */
const MOST_WAITING = 256 * 1024;

/** What the stream of events uses. */
export interface EventsParts {
  jobs: Jobs;
  log: Log;
  notices: Notices;
  questions: Questions;
  /** Aborted when the sidecar is about to leave. */
  stopping: AbortSignal;
}

/** The stream of events: all jobs first, then every change, until either side leaves. */
export function eventsRouter(
  { jobs, log, notices, questions, stopping }: EventsParts,
  life: Life,
  viewers: Viewers
): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.get(ROUTES.events, (request, response) => {
    const view = checked(v.optional(JobId), request.query['view'], 'view');
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no'
    });
    const unreadable = jobs.unreadable();
    const first = {
      jobs: jobs.list(),
      unreadable,
      notices: [...notices.list()],
      protocol: PROTOCOL
    };
    const list = formatEvent({ type: 'jobs', ...first });
    const most = Buffer.byteLength(list) + MOST_WAITING;
    const write = (text: string): void => {
      if (response.writableLength > most) {
        log.info({ waiting: response.writableLength }, 'a reader of events is too far behind');
        response.destroy();
      } else {
        response.write(text);
      }
    };
    write(list);
    const ask = (): void => write(formatEvent({ type: 'questions', questions: questions.list() }));
    ask();
    const leave = [
      jobs.listen(event => write(formatEvent(event))),
      questions.listen(ask),
      viewers.add(view ?? null)
    ];
    const timer = setInterval(() => write(KEEP_ALIVE), KEEP_ALIVE_MS);
    const end = (): void => {
      response.end();
    };
    stopping.addEventListener('abort', end);
    response.once('close', () => {
      clearInterval(timer);
      stopping.removeEventListener('abort', end);
      leave.forEach(stop => stop());
    });
    life.hurry();
  });
  return router;
}
