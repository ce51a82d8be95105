import { type JobRecord, isTerminal } from '../../api/job';
import { needsSignIn } from '../../api/signIn';
import { inOnePage } from '../page/inOnePage';
import type { Page } from '../page/page';
import { SharedNames } from '../page/sharedNames';
import type { SignInNeed } from '../tokens';

/**
 * Sees which hosts have let us in before and want the person now, so that one page of the browser, and only one, says so: once
 * for a host, until its jobs are heard of again.
 */
export class SignInNeeds {
  /** The hosts of which it was said. */
  private readonly told: SharedNames;

  constructor(
    private readonly page: Pick<Page, 'clock' | 'locks' | 'sight' | 'storage'>,
    /** Names the jobs of one Jupyter server among all that the browser has. */
    private readonly name: string,
    private readonly tell: (need: SignInNeed) => void
  ) {
    this.told = new SharedNames(page.storage, name);
  }

  /** Takes in the list of all jobs as it is now. A page that nobody sees leaves the word to another. */
  look(jobs: readonly JobRecord[]): void {
    const outOfTouch = new Set(jobs.filter(isOutOfTouch).map(({ cluster }) => cluster.host ?? ''));
    for (const host of this.told.all) {
      if (!outOfTouch.has(host)) {
        this.told.take(host);
      }
    }
    if (this.page.sight.isVisible()) {
      for (const need of signInNeeds(jobs)) {
        void this.say(need);
      }
    }
  }

  private async say(need: SignInNeed): Promise<void> {
    if (this.told.add(need.host)) {
      await inOnePage(this.page, `${this.name}:${need.host}`, () => this.tell(need));
    }
  }
}

/** The hosts that have let us in before and want a person to sign in, each with one of its jobs. */
export function signInNeeds(jobs: readonly JobRecord[]): SignInNeed[] {
  const byHost = new Map<string, SignInNeed>();
  for (const job of jobs) {
    const { host } = job.cluster;
    if (host !== null && waitsForPerson(job) && !byHost.has(host)) {
      byHost.set(host, { host, job });
    }
  }
  return [...byHost.values()];
}

function waitsForPerson(job: JobRecord): boolean {
  const { problem, seenAt } = job.contact;
  return seenAt !== null && isOutOfTouch(job) && problem !== null && needsSignIn(problem.code);
}

function isOutOfTouch({ contact, state }: JobRecord): boolean {
  return contact.problem !== null && !isTerminal(state);
}
