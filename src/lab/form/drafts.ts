import type { ClusterChoice } from '../../api/routes';
import type { FormValues, IClusters, IJobs } from '../tokens';
import { type FieldValue, textIn } from './fieldValue';
import type { FieldName } from './fields';
import { lastJob } from './lastJob';
import { defaultValues, jobValues, startCluster } from './startValues';

/** What is filled in for each notebook: the person's own, else that of its last job, else the cluster's defaults. */
export class Drafts {
  private readonly edits = new Map<string, FormValues>();

  constructor(
    private readonly jobs: IJobs,
    private readonly clusters: IClusters
  ) {}

  values(notebook: string): FormValues {
    const own = this.edits.get(notebook) ?? {};
    const last = lastJob(this.jobs, notebook);
    const cluster = textIn(own, 'cluster') || startCluster(this.clusters.choices, last);
    const defaults = defaultValues(findChoice(this.clusters, cluster));
    return {
      ...defaults,
      ...(last && jobValues(last, cluster, defaults)),
      ...own,
      cluster
    };
  }

  set(notebook: string, field: FieldName, value: FieldValue): void {
    this.edits.set(notebook, { ...this.edits.get(notebook), [field]: value });
  }

  move({ from, to }: { from: string; to: string }): void {
    const own = this.edits.get(from);
    if (own) {
      this.edits.delete(from);
      this.edits.set(to, own);
    }
  }
}

/** The cluster of this name, as it can be chosen; null when it cannot, or while that is not known. */
export function findChoice({ choices }: IClusters, name: string): ClusterChoice | null {
  return choices.find(choice => choice.name === name) ?? null;
}
