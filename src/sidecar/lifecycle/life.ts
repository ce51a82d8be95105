import { availableParallelism } from 'node:os';
import { isTerminal, type JobRecord } from '../../api/job';
import type { SubmitRequest } from '../../api/routes';
import { requestCancel } from '../watching/cancel';
import {
  type CollectRequest,
  type Collecting,
  collectResult,
  waitsForCluster
} from '../collecting/collect';
import { mayHeal } from '../../api/problem';
import { asProblem } from '../process/asProblem';
import type { Faults } from '../process/faults';
import { type Accepting, acceptJob } from '../submission/accept';
import { forgetUpload, keepUpload } from '../submission/keptUpload';
import { MachineQueue, isOfThisMachine } from './machineQueue';
import { siteKey } from '../clusters/site';
import { type Submitting, endUnsubmitted, submitJob } from '../submission/submit';
import { sweep } from '../removal/sweep';
import type { Viewers } from '../watching/viewers';
import { Watcher, type WatcherParts } from '../watching/watch';

/** Seconds until a result that was given up is tried for again, where the way to the cluster is all that fails. */
const KEPT_SECONDS = 300;

/** The longest that whoever submits waits until the files are taken, in seconds. */
const TAKEN_SECONDS = 60;

/** Seconds until files that a disk has not given are asked for again. */
const KEEP_SECONDS = 5;

/** What the lives of jobs use. */
export interface LifeParts extends Accepting, Collecting, Submitting, WatcherParts {
  /** Knows which effects are of which operation. */
  faults: Pick<Faults, 'within'>;
}

/**
 * Carries each job from one part of its life to the next: submit, watch, collect. What has been begun is known from
 * the records alone, so that a new sidecar goes on where the last one was ended.
 */
export class Life {
  /** One a site, by its key. */
  private readonly watchers = new Map<string, Watcher>();
  private readonly busy = new Map<string, Promise<void>>();
  /** Jobs whose result is tried for again after a while. */
  private readonly later = new Set<string>();
  private readonly queue: MachineQueue;

  constructor(
    private readonly context: LifeParts,
    private readonly viewers: Viewers,
    cores = availableParallelism()
  ) {
    this.queue = new MachineQueue(context, {
      cores,
      keep: id => void this.inTurn(id, () => this.keep(id)),
      submit: id => this.inTurn(id, () => this.submit(id)),
      ended: job => this.watcher(job).hurry()
    });
  }

  /** Takes up every job where its record says that it is. */
  resume(): void {
    const { jobs } = this.context;
    for (const record of jobs.list()) {
      if (record.submittedAt !== null || isTerminal(record.state)) {
        // A sidecar that died in between could not forget it: it holds the caller's environment.
        jobs.forgetSubmission(record.id);
        if (isOfThisMachine(record) && !record.isSwept) {
          void this.inTurn(record.id, () => forgetUpload(record));
        }
      }
      if (!isTerminal(record.state)) {
        // What was on disk is how far it was once; the next look tells how far it is.
        jobs.show(record.id, { progress: null });
      }
      this.goOn(record);
    }
  }

  /** Takes a job that a person submits, once for each id, and goes on with it. */
  async accept(id: string, asked: SubmitRequest): Promise<{ job: JobRecord; isNew: boolean }> {
    const { faults, jobs } = this.context;
    const { isNew, record } = await faults.within('submit', () =>
      acceptJob(this.context, id, asked)
    );
    if (isNew) {
      this.goOn(record);
      await this.taken(id);
    }
    return { job: jobs.get(id), isNew };
  }

  /** Does what comes next for a job. */
  goOn(record: JobRecord): void {
    const { id, state, step, submittedAt, result } = record;
    if (isTerminal(state)) {
      if (['pending', 'fetching'].includes(result.place) || waitsForCluster(result)) {
        void this.bringHome(id);
      }
    } else if (submittedAt === null && isOfThisMachine(record) && step === null) {
      this.queue.next();
    } else if (submittedAt === null) {
      void this.inTurn(id, () => this.submit(id));
    } else {
      this.watcher(record).hurry({ askQueue: true });
    }
  }

  /**
   * Resolves when a job of this machine has its files, to run with or to wait with, or says why not yet: whoever submits one after
   * the other changes them in between. Waits for no disk that is silent.
   */
  private async taken(id: string): Promise<void> {
    const { clock, jobs, stopping } = this.context;
    const work = isOfThisMachine(jobs.get(id)) ? this.busy.get(id) : undefined;
    const over = new AbortController();
    const leave = jobs.listen(event => {
      if (event.type === 'job' && event.job.id === id && event.job.contact.problem !== null) {
        over.abort();
      }
    });
    await Promise.race([
      work,
      clock.sleep(TAKEN_SECONDS, AbortSignal.any([over.signal, stopping]))
    ]);
    leave();
    over.abort();
  }

  /** Looks again where somebody has begun to look, or the machine has woken. */
  hurry(): void {
    for (const watcher of this.watchers.values()) {
      watcher.hurry();
    }
    for (const { id, result } of this.context.jobs.list()) {
      if (waitsForCluster(result) && !this.busy.has(id)) {
        void this.bringHome(id);
      }
    }
  }

  /** Sees to it that a job ends; does not wait for its cluster. Asked once more, the cluster is told once more. */
  cancel(id: string): JobRecord {
    const record = requestCancel(this.context, id);
    if (record.submittedAt !== null) {
      this.watcher(record).cancel(id);
    } else if (isOfThisMachine(record)) {
      this.queue.next();
    }
    return record;
  }

  /** Looks at a job now; the record afterwards. */
  async refresh(id: string): Promise<JobRecord> {
    const record = this.context.jobs.get(id);
    const isActive = record.submittedAt !== null && !isTerminal(record.state);
    if (isActive || record.state === 'lost') {
      await this.watcher(record).lookNow([record]);
    }
    return this.context.jobs.get(id);
  }

  /** Fetches what is not here yet; resolves when that is over. */
  async fetch(id: string, request: CollectRequest): Promise<JobRecord> {
    await this.inTurn(id, () => this.bring(id, request));
    return this.context.jobs.get(id);
  }

  /** Resolves when nothing that was begun is still under way. */
  async rest(): Promise<void> {
    await Promise.allSettled(this.busy.values());
  }

  private bring(id: string, request?: CollectRequest): Promise<void> {
    return this.context.faults.within('collect', () => collectResult(this.context, id, request));
  }

  private async collect(id: string): Promise<void> {
    await this.bring(id);
    const record = this.context.jobs.find(id);
    if (record?.result.place === 'here') {
      await sweep(this.context, record.cluster);
    }
  }

  private async submit(id: string): Promise<void> {
    await this.context.faults.within('submit', () => submitJob(this.context, id));
    const record = this.context.jobs.get(id);
    if (isOfThisMachine(record) && (record.submittedAt !== null || isTerminal(record.state))) {
      await forgetUpload(record);
    }
    if (record.submittedAt !== null) {
      this.goOn(record);
    }
    this.queue.next();
  }

  /** Keeps the files of a job that waits as they are now; without them it would be another job. */
  private async keep(id: string): Promise<void> {
    const { clock, jobs, stopping } = this.context;
    while (!stopping.aborted && isWaiting(jobs.get(id))) {
      try {
        await keepUpload(this.context, id);
        jobs.update(id, { isKept: true });
        return;
      } catch (error) {
        const why = asProblem(error);
        if (!mayHeal(why.code)) {
          endUnsubmitted(this.context, id, {
            code: 'not-sent',
            text: why.details?.output ?? why.code
          });
          this.queue.next();
          return;
        }
        jobs.show(id, { contact: { ...jobs.get(id).contact, problem: why } });
        await clock.sleep(KEEP_SECONDS, stopping);
      }
    }
  }

  /** Fetches what comes by itself; tries again for as long as only the way to the cluster fails. */
  private async bringHome(id: string): Promise<void> {
    const { clock, jobs, stopping } = this.context;
    await this.inTurn(id, () => this.collect(id));
    const waits = (): boolean => {
      const record = jobs.find(id);
      return record !== undefined && waitsForCluster(record.result) && !stopping.aborted;
    };
    if (waits() && !this.later.has(id)) {
      // Not in turn: a person may ask for it meanwhile, or remove the job.
      this.later.add(id);
      await clock.sleep(KEPT_SECONDS, stopping);
      this.later.delete(id);
      if (waits() && !this.busy.has(id)) {
        await this.bringHome(id);
      }
    }
  }

  /** One thing at a time for each job, in the order in which they were asked for. */
  private inTurn(id: string, work: () => Promise<void>): Promise<void> {
    const turn: Promise<void> = (this.busy.get(id) ?? Promise.resolve())
      .then(work)
      .catch((error: unknown) => this.context.log.error({ job: id, err: error }, 'failed'))
      .finally(() => {
        if (this.busy.get(id) === turn) {
          this.busy.delete(id);
        }
      });
    this.busy.set(id, turn);
    return turn;
  }

  private watcher({ cluster }: JobRecord): Watcher {
    const key = siteKey(cluster);
    const known = this.watchers.get(key);
    if (known) {
      return known;
    }
    const watcher = new Watcher(this.context, cluster, {
      attention: ids => this.viewers.attention(ids),
      over: id => {
        this.queue.next();
        void this.bringHome(id);
      }
    });
    this.watchers.set(key, watcher);
    return watcher;
  }
}

function isWaiting({ cancelRequestedAt, state, submittedAt }: JobRecord): boolean {
  return cancelRequestedAt === null && submittedAt === null && !isTerminal(state);
}
