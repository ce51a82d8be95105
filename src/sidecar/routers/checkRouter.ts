import { Router } from 'express';
import { type CheckAnswer, ROUTES, SubmitRequest } from '../../api/routes';
import { clustersOf } from '../clusters';
import { planJob } from '../plan';
import { bodyOf } from './checked';

/** What a form would do, and what it can choose from; nothing here changes anything. */
export function checkRouter(python: string): Router {
  const router = Router();
  router.get(ROUTES.clusters, (_, response) => {
    response.json({ clusters: clustersOf({ python }) });
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
