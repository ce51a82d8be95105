import type { JobRecord } from '../../../api/job';
import type { ContentsPath } from '../../../api/paths';
import type { ClusterChoice } from '../../../api/routes';
import type { FormValues, IClusters, IJobs } from '../../tokens';
import { type ClusterMemory, usedLast } from './clusterMemory';
import { type FieldValue, textIn } from './fieldValue';
import type { FieldName } from '../../../api/fields';
import { defaultValues, jobValues, lockedValues, startCluster } from './startValues';

/** What is filled in for each notebook: the person's own, else that of its last job there, else the cluster's defaults. */
export class Drafts {
  private readonly edits = new Map<ContentsPath, FormValues>();
  /** What the form in sight began with: jobs and choices in other windows do not change it under the person's eyes. */
  private start: string | null = null;

  constructor(
    private readonly jobs: IJobs,
    private readonly clusters: IClusters,
    private readonly memory: ClusterMemory
  ) {}

  /** `result` is the job that the notebook is the result of, if it is: then its values count. */
  values(notebook: ContentsPath, result: JobRecord | null): FormValues {
    const own = this.edits.get(notebook) ?? {};
    const chosen = textIn(own, 'cluster');
    const cluster = chosen || this.startCluster(result);
    const ran = result === null ? jobsOf(this.jobs, notebook) : [result];
    // Whoever chooses another cluster keeps what is filled in; a form does not begin with what was meant for another.
    const last =
      ran.find(({ spec }) => spec.cluster === cluster) ?? (chosen === '' ? undefined : ran[0]);
    const choice = findChoice(this.clusters, cluster);
    const defaults = defaultValues(choice);
    return {
      ...defaults,
      ...(last && jobValues(last, cluster, defaults)),
      ...own,
      ...lockedValues(choice),
      cluster
    };
  }

  /** The form begins anew: for another notebook, or as it comes into sight. */
  begin(): void {
    this.start = null;
  }

  set(notebook: ContentsPath, field: FieldName, value: FieldValue): void {
    this.edits.set(notebook, { ...this.edits.get(notebook), [field]: value });
  }

  move({ from, to }: { from: ContentsPath; to: ContentsPath }): void {
    const own = this.edits.get(from);
    if (own) {
      this.edits.delete(from);
      this.edits.set(to, own);
    }
  }

  private startCluster(result: JobRecord | null): string {
    const { clusters, jobs, memory } = this;
    const wanted = this.start ?? result?.spec.cluster ?? usedLast(memory, jobs.list);
    const start = startCluster(clusters.choices, wanted);
    if (clusters.phase === 'live' && jobs.phase === 'live') {
      this.start = start;
    }
    return start;
  }
}

/** The cluster of this name, as it can be chosen; null when it cannot, or while that is not known. */
export function findChoice({ choices }: IClusters, name: string): ClusterChoice | null {
  return choices.find(choice => choice.name === name) ?? null;
}

/** The jobs of a notebook, newest first: those that are known to be of it. */
function jobsOf(jobs: IJobs, notebook: ContentsPath): JobRecord[] {
  const ending = `/${notebook.split('/').at(-1) ?? ''}`;
  // Only files of the same name are looked up: the server has to be asked for each.
  return jobs.list.filter(
    ({ spec }) => spec.notebook.endsWith(ending) && jobs.contentsPath(spec.notebook) === notebook
  );
}
