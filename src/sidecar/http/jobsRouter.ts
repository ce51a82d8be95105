import { type Request, Router } from 'express';
import * as v from 'valibot';
import { briefJob } from '../../api/job';
import { problem } from '../../api/problem';
import { AnswerRequest } from '../../api/question';
import { PROTOCOL } from '../../api/protocol';
import {
  type Caller,
  FILES_OF,
  FILES_PAGE,
  FetchRequest,
  type FilesAnswer,
  LogName,
  ROUTES,
  RecoverRequest,
  SubmitRequest
} from '../../api/routes';
import { readLog } from '../watching/jobLog';
import type { Life } from '../lifecycle/life';
import { shellOf } from '../clusters/shell';
import { scriptOf } from '../submission/plan';
import { fetchRequest } from '../collecting/fetchRequest';
import type { Notices } from '../records/notices';
import { type Behalf, behalfOf } from '../remote/asker';
import type { Questions } from '../remote/questions';
import type { Reached } from '../remote/remote';
import { type Recovering, recoverJobs } from '../recovery/recover';
import { readScript } from '../recovery/recoverLooks';
import { type Removing, removeJob } from '../removal/remove';
import { bodyOf, checked, idOf } from './checked';

const LogQuery = v.object({
  name: v.optional(LogName, 'job'),
  from: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)), '0')
});

const AsksQuery = v.object({ asks: v.optional(v.picklist(['true', 'false'])) });

const FilesQuery = v.object({
  of: v.optional(v.picklist(FILES_OF), 'here'),
  from: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number)), '0'),
  limit: v.optional(
    v.pipe(v.string(), v.regex(/^[1-9]\d{0,3}$/), v.transform(Number), v.maxValue(FILES_PAGE)),
    String(FILES_PAGE)
  )
});

/** What the routes of jobs use. */
export interface JobsParts extends Recovering, Removing {
  notices: Notices;
  questions: Questions;
  /** Somebody wants to reach a cluster. */
  reach: (cluster: Reached, behalf: Behalf) => Promise<void>;
  /** Somebody calls, whose login may serve ours. */
  noteCaller: (caller: Caller) => void;
}

/** Jobs: list, submit, look at, cancel, fetch, remove. */
export function jobsRouter(context: JobsParts, life: Life): Router {
  const { jobs } = context;
  const router = Router({ caseSensitive: true, strict: true });
  /** A person asks for something of a job, whose cluster is reached for that. */
  const reach = async (id: string, request: Request): Promise<void> => {
    const { asks } = checked(AsksQuery, request.query, 'asks');
    const job = jobs.find(id);
    if (job !== undefined) {
      const { host, transferHost } = job.cluster;
      await context.reach({ host, transferHost }, behalfOf({ asks: asks === 'true' }));
    }
  };

  router.get(ROUTES.jobs, (_, response) => {
    response.json({
      jobs: jobs.list().map(briefJob),
      unreadable: jobs.unreadable(),
      notices: context.notices.list(),
      questions: context.questions.list(),
      protocol: PROTOCOL
    });
  });

  router.post(ROUTES.question(':id'), (request, response) => {
    const { answers, keeps } = bodyOf(AnswerRequest, request);
    context.questions.answer(String(request.params['id']), answers, keeps);
    response.json({});
  });

  router.post(ROUTES.noticesTold, (_, response) => {
    context.notices.told();
    response.json({});
  });

  router.post(ROUTES.recover, async (request, response) => {
    const asked = bodyOf(RecoverRequest, request);
    context.noteCaller(asked.caller);
    response.json(await recoverJobs(context, life, asked));
  });

  router.put(ROUTES.job(':id'), async (request, response) => {
    const id = idOf(request);
    const asked = bodyOf(SubmitRequest, request);
    context.noteCaller(asked.caller);
    const { job, isNew } = await life.accept(id, asked);
    response.status(isNew ? 201 : 200).json({ job });
  });

  router.get(ROUTES.job(':id'), (request, response) => {
    response.json({ job: jobs.get(idOf(request)) });
  });

  router.delete(ROUTES.job(':id'), async (request, response) => {
    const id = idOf(request);
    await reach(id, request);
    await removeJob(context, id, request.query['result'] === 'too');
    response.json({ id });
  });

  router.post(ROUTES.cancel(':id'), async (request, response) => {
    const id = idOf(request);
    // The wish is kept: what stands in its way is told by the job itself.
    const reached = reach(id, request).catch(() => undefined);
    life.cancel(id);
    await reached;
    response.json({ job: jobs.get(id) });
  });

  router.post(ROUTES.refresh(':id'), async (request, response) => {
    const id = idOf(request);
    await reach(id, request);
    response.json({ job: await life.refresh(id) });
  });

  router.post(ROUTES.fetch(':id'), async (request, response) => {
    const id = idOf(request);
    const wanted = fetchRequest(jobs.get(id), bodyOf(FetchRequest, request));
    await reach(id, request);
    const job = await life.fetch(id, wanted);
    if (job.result.place === 'none' && job.result.problem === null) {
      throw problem('nothing-to-fetch', { id });
    }
    response.json({ job });
  });

  router.get(ROUTES.files(':id'), (request, response) => {
    const id = idOf(request);
    const { from, limit, of } = checked(FilesQuery, request.query, 'files');
    response.json(jobs.files(id, of, from, limit) satisfies FilesAnswer);
  });

  router.get(ROUTES.script(':id'), async (request, response) => {
    const record = jobs.get(idOf(request));
    const { cluster, id, isRecovered = false, spec } = record;
    const script = isRecovered
      ? await readScript(shellOf(context, cluster), record)
      : scriptOf(id, spec, cluster);
    response.json({ script });
  });

  router.get(ROUTES.log(':id'), async (request, response) => {
    const record = jobs.get(idOf(request));
    const { name, from } = checked(LogQuery, request.query, 'log');
    response.json(await readLog(shellOf(context, record.cluster), record, name, from));
  });

  return router;
}
