import type { JobRecord } from '../../api/job';
import { type Problem, ProblemError } from '../../api/problem';
import type { ResultPages } from './resultPages';
import type { IJobs } from '../tokens';
import type { ResultTrust } from './resultTrust';
import type { TrustedNotebooks } from './trustedNotebooks';

/** Why a result is not open. */
export type NotOpened =
  /** It lies where this server shows nothing. */
  | { why: 'outside'; file: string }
  /** It is no longer where it was put. */
  | { why: 'gone'; file: string }
  | { why: 'problem'; problem: Problem };

/** What opening results works with. */
export interface ResultOpening {
  jobs: Pick<IJobs, 'changed' | 'contentsPath'>;
  notebooks: TrustedNotebooks;
  pages: ResultPages;
  trust: Pick<ResultTrust, 'judge'>;
}

/** Opens executed notebooks: without a kernel, and trusted where their source and the host that they come from are. */
export class ResultOpener {
  private readonly opening = new Map<string, Promise<NotOpened | null>>();

  constructor(private readonly options: ResultOpening) {}

  /**
   * Opens the executed notebook of a job, or shows it where it is open. Asked twice, it opens once.
   *
   * @returns why it is not open; null when it is, and for a job that left no notebook.
   */
  open(job: JobRecord): Promise<NotOpened | null> {
    const { notebook } = job.result;
    if (notebook === null) {
      return Promise.resolve(null);
    }
    const opening =
      this.opening.get(notebook) ??
      this.tryToOpen(notebook, job).finally(() => this.opening.delete(notebook));
    this.opening.set(notebook, opening);
    return opening;
  }

  private async tryToOpen(file: string, job: JobRecord): Promise<NotOpened | null> {
    const path = await this.contentsPath(file);
    if (path === null) {
      return { why: 'outside', file };
    }
    if (this.options.pages.reveal(path)) {
      return null;
    }
    try {
      return (await this.openAt(path, job)) ? null : { why: 'gone', file };
    } catch (error) {
      if (error instanceof ProblemError) {
        return { why: 'problem', problem: error.problem };
      }
      throw error;
    }
  }

  /** @returns false when there is nothing to open. */
  private async openAt(path: string, { cluster, spec }: JobRecord): Promise<boolean> {
    const { notebooks, pages, trust } = this.options;
    if (!(await notebooks.isThere(path))) {
      return false;
    }
    // Trust goes by content. On this machine the result is as the job left it: what the person trusts has made it. What comes
    // from another is what that machine says it is.
    if (trust.judge(cluster.host) === 'trusted') {
      const sourcePath = await this.contentsPath(spec.notebook);
      if (sourcePath !== null && (await notebooks.isTrusted(sourcePath))) {
        await notebooks.trust(path);
      }
    }
    pages.open(path);
    return true;
  }

  /** A file as a path of Jupyter's contents, as soon as that is known; null when this server does not show it. */
  private contentsPath(file: string): Promise<string | null> {
    const { jobs } = this.options;
    return new Promise(resolve => {
      const look = (): void => {
        const path = jobs.contentsPath(file);
        if (path !== undefined) {
          jobs.changed.disconnect(look);
          resolve(path);
        }
      };
      jobs.changed.connect(look);
      look();
    });
  }
}
