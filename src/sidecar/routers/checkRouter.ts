import { Router } from 'express';
import {
  type CheckAnswer,
  type ClustersAnswer,
  ClustersRequest,
  ROUTES,
  SubmitRequest
} from '../../api/routes';
import { clustersOf } from '../clusters';
import { planJob } from '../plan';
import { bodyOf } from './checked';

/** What a form would do, and what it can choose from; nothing here changes anything. */
export function checkRouter(): Router {
  const router = Router();
  router.post(ROUTES.clusters, (request, response) => {
    const { caller } = bodyOf(ClustersRequest, request);
    response.json(clustersOf(caller) satisfies ClustersAnswer);
  });
  router.post(ROUTES.check, async (request, response) => {
    const { spec, cluster, script, files, notTaken, skipped, engines } = await planJob(
      bodyOf(SubmitRequest, request)
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
