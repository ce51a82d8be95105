import { Router } from 'express';
import {
  type Caller,
  type CheckAnswer,
  ClusterCheckRequest,
  type ClustersAnswer,
  ClustersRequest,
  ROUTES,
  SubmitRequest
} from '../../api/routes';
import type { ClusterCheck } from '../../api/clusterCheck';
import { checkCluster } from '../clusters/checkCluster';
import { type ClusterSources, clustersOf } from '../clusters/clusters';
import type { Ways } from '../clusters/shell';
import { behalfOf } from '../remote/asker';
import { planJob } from '../submission/plan';
import { bodyOf } from './checked';

/** What the routes of checks use. */
export interface CheckParts extends ClusterSources, Ways {
  /** Somebody calls, whose login may serve ours. */
  noteCaller: (caller: Caller) => void;
}

/** What a form would do, what it can choose from, and whether that can run jobs; nothing here changes any job. */
export function checkRouter(context: CheckParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.post(ROUTES.clusters, (request, response) => {
    const { caller } = bodyOf(ClustersRequest, request);
    context.noteCaller(caller);
    response.json(clustersOf(caller, context) satisfies ClustersAnswer);
  });
  router.post(ROUTES.clusterCheck, async (request, response) => {
    const asked = bodyOf(ClusterCheckRequest, request);
    context.noteCaller(asked.caller);
    response.json((await checkCluster(context, asked)) satisfies ClusterCheck);
  });
  router.post(ROUTES.check, async (request, response) => {
    const asked = bodyOf(SubmitRequest, request);
    context.noteCaller(asked.caller);
    const plan = await planJob(asked, context, { behalf: behalfOf(asked) });
    const { spec, cluster, script, files, notTaken, skipped, engines, mpi, notes, profile } = plan;
    response.json({
      spec,
      cluster,
      script,
      files,
      notTaken,
      skipped,
      engines,
      mpi,
      profile,
      notes
    } satisfies CheckAnswer);
  });
  return router;
}
