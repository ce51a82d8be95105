import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { type Problem, problem } from '../../api/problem';
import { PROTOCOL } from '../../api/protocol';
import { ROUTES } from '../../api/routes';
import { asProblem } from '../process/asProblem';
import type { Log } from '../process/log';
import { STATUS } from './httpStatus';
import type { Idle } from '../lifecycle/idle';
import type { Life } from '../lifecycle/life';
import { type CheckParts, checkRouter } from './checkRouter';
import { type EventsParts, eventsRouter } from './eventsRouter';
import { type JobsParts, jobsRouter } from './jobsRouter';
import type { Viewers } from '../watching/viewers';

/** What the HTTP side needs. */
export interface AppParts {
  context: CheckParts & EventsParts & JobsParts;
  life: Life;
  viewers: Viewers;
  idle: Idle;
  /** Ends the sidecar after the answer. */
  quit: () => void;
}

/** The HTTP application. Each answer outside 2xx is a problem; they are made here, in one place. */
export function makeApp({ context, life, viewers, idle, quit }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
  // A path means one thing, to whoever forwards it, too.
  app.enable('case sensitive routing');
  app.enable('strict routing');
  app.use(express.json({ limit: '20mb' }));
  app.use((_request, _response, next) => {
    idle.noteCall();
    next();
  });
  app.get(ROUTES.ping, (_, response) => {
    response.json({
      name: 'jupyterlab-submit',
      version: __VERSION__,
      protocol: PROTOCOL,
      pid: process.pid
    });
  });
  app.post(ROUTES.quit, (_, response) => {
    response.once('close', quit);
    response.json({});
  });
  app.use(checkRouter(context));
  app.use(jobsRouter(context, life));
  app.use(eventsRouter(context, life, viewers));
  app.use(notFound);
  app.use(answerProblem(context));
  return app;
}

const notFound: RequestHandler = request => {
  throw problem('no-such-route', { path: request.path });
};

function answerProblem({ log }: { log: Log }): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const found = problemOf(error);
    if (found.code === 'internal') {
      log.error({ err: error, method: request.method, path: request.path }, 'request failed');
    }
    const status = STATUS[found.code];
    response
      .status(status)
      .type('application/problem+json')
      .send(JSON.stringify({ status, ...found }));
  };
}

/** What Express itself refuses (bad JSON, a bad escape in the path, too long a body) has a status of its own. */
function problemOf(error: unknown): Problem {
  const found = asProblem(error);
  const isRefusal =
    error instanceof Error &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status < 500;
  return found.code === 'internal' && isRefusal ? { ...found, code: 'invalid-request' } : found;
}
