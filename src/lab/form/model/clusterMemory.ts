import type { JobRecord } from '../../../api/job';
import type { Page } from '../../page/page';

/** A cluster that a person has chosen, and when, in seconds since 1970. */
interface Choice {
  at: number;
  cluster: string;
}

/** The cluster that a person has chosen last, as all pages of a browser know it. */
export class ClusterMemory {
  /** What counts where storage is forbidden or full: then each page knows its own. */
  private own: Choice | null = null;

  /** `key` names the memory of one Jupyter server among all that the browser has. */
  constructor(
    private readonly page: Pick<Page, 'clock' | 'storage'>,
    private readonly key: string
  ) {}

  /** null until a person has chosen one. */
  get last(): Choice | null {
    return this.own ?? this.stored();
  }

  keep(cluster: string): void {
    const choice = { at: this.page.clock.now() / 1000, cluster };
    try {
      this.page.storage.setItem(this.key, `${choice.at} ${cluster}`);
    } catch {
      this.own = choice;
    }
  }

  private stored(): Choice | null {
    try {
      const [at, cluster] = this.page.storage.getItem(this.key)?.split(' ') ?? [];
      return at !== undefined && cluster !== undefined ? { at: Number(at), cluster } : null;
    } catch {
      return null;
    }
  }
}

/** The cluster that was used last, by a choice in the form or a job from anywhere, of any notebook; null: none was. */
export function usedLast({ last }: ClusterMemory, jobs: readonly JobRecord[]): string | null {
  const [newest] = jobs;
  return newest !== undefined && newest.createdAt > (last?.at ?? 0)
    ? newest.spec.cluster
    : (last?.cluster ?? null);
}
