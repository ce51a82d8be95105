import express, { type ErrorRequestHandler, type Express, type RequestHandler } from 'express';
import { PROBLEMS, type Problem, ProblemError } from '../api/problem';
import { PROTOCOL, ROUTES } from '../api/routes';
import type { Context } from './context';
import type { Idle } from './idle';
import type { Life } from './life';
import { checkRouter } from './routers/checkRouter';
import { eventsRouter } from './routers/eventsRouter';
import { jobsRouter } from './routers/jobsRouter';
import type { Viewers } from './viewers';

/** What the HTTP side needs. */
export interface AppParts {
  context: Context;
  life: Life;
  viewers: Viewers;
  idle: Idle;
  /** Jupyter's interpreter. */
  python: string;
  /** Ends the sidecar after the answer. */
  quit: () => void;
}

/** The HTTP application. Each answer outside 2xx is a problem; they are made here, in one place. */
export function makeApp({ context, life, viewers, idle, python, quit }: AppParts): Express {
  const app = express();
  app.disable('x-powered-by');
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
  app.use(checkRouter(python));
  app.use(jobsRouter(context, life));
  app.use(eventsRouter(context, life, viewers));
  app.use(notFound);
  app.use(answerProblem(context));
  return app;
}

const notFound: RequestHandler = request => {
  throw new ProblemError({ code: 'no-such-route', values: { path: request.path } });
};

function answerProblem({ log }: Context): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const found = problemOf(error);
    if (found.code === 'internal') {
      log.error({ err: error, method: request.method, path: request.path }, 'request failed');
    }
    response
      .status(PROBLEMS[found.code].status)
      .type('application/problem+json')
      .send(JSON.stringify({ status: PROBLEMS[found.code].status, ...found }));
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) {
    return error.problem;
  }
  const output = error instanceof Error ? error.message : String(error);
  const isBadBody =
    error instanceof Error && 'type' in error && String(error.type).startsWith('entity.');
  return {
    code: isBadBody ? 'invalid-request' : 'internal',
    values: {},
    details: { output }
  };
}
