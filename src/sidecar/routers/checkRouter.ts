import { Router } from 'express';
import {
  type CheckAnswer,
  type ClustersAnswer,
  ClustersRequest,
  ROUTES,
  SubmitRequest
} from '../../api/routes';
import { clustersOf } from '../clusters';
import type { Context } from '../context';
import { planJob } from '../plan';
import { bodyOf } from './checked';

/** What a form would do, and what it can choose from; nothing here changes anything. */
export function checkRouter(context: Context): Router {
  const router = Router();
  router.post(ROUTES.clusters, (request, response) => {
    const { caller } = bodyOf(ClustersRequest, request);
    context.noteCaller(caller);
    response.json(clustersOf(caller, context) satisfies ClustersAnswer);
  });
  router.post(ROUTES.check, async (request, response) => {
    const asked = bodyOf(SubmitRequest, request);
    context.noteCaller(asked.caller);
    const { spec, cluster, script, files, notTaken, skipped, engines } = await planJob(
      asked,
      context,
      asked
    );
    response.json({
      spec,
      cluster,
      script,
      files,
      notTaken,
      skipped,
      engines
    } satisfies CheckAnswer);
  });
  return router;
}
