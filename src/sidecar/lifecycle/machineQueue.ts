import { type JobRecord, isTerminal } from '../../api/job';
import { FILES } from '../../api/jobDirectory';
import { jobDirectory } from '../../job/paths';
import { turnsOf } from '../../job/turns';
import type { Clock } from '../process/clock';
import type { Jobs } from '../records/jobs';
import { diskOf } from '../files/disk';
import { isThere } from '../files/place';

/** Seconds between one look and the next whether a job is over that others wait for: a few calls of stat(2). */
const LOOK_SECONDS = 0.5;

/** So many at the head of the queue are told each change of their place. */
const NEAR = 10;

/** Seconds after which the others are told theirs: 500 records at each end of a short job would be told to every page. */
const FAR_SECONDS = 5;

/** What the queue of this machine uses. */
export interface Queueing {
  jobs: Jobs;
  clock: Clock;
  stopping: AbortSignal;
}

/** What the queue needs from the rest. */
export interface QueueNeeds {
  /** How many cores there are. */
  cores: number;
  /** Keeps what a job that waits is to be sent with. */
  keep: (id: string) => void;
  /** Submits a job, or ends one that is not wanted any more; resolves when that is done. Never rejects. */
  submit: (id: string) => Promise<void>;
  /** A job has ended: its verdict should be looked for now. */
  ended: (job: JobRecord) => void;
}

/** Whether jobs of a cluster wait in this queue: they run on the machine of the sidecar, and nothing there counts cores. */
export function isOfThisMachine({ cluster }: JobRecord): boolean {
  return cluster.scheduler === 'local' && cluster.host === null;
}

/**
 * The queue of this machine, which has no batch system. A job waits before its submission: nothing of it is on the way, so
 * that whatever ends this process leaves it where it was, and a job that is cancelled meanwhile has cost nothing. Who runs
 * and who waits is known from the records alone.
 */
export class MachineQueue {
  /** Those whose submission has begun here; the record says so only when there is something to be found again. */
  private readonly begun = new Set<string>();
  private readonly endSeen = new Set<string>();
  private readonly kept = new Set<string>();
  private waiting: string[] = [];
  private isLooking = false;
  private farDueAt = 0;

  constructor(
    private readonly context: Queueing,
    private readonly needs: QueueNeeds
  ) {}

  /** Begins whatever may begin now: a job came or is over, or one that waits is not wanted any more. */
  next(): void {
    if (this.context.stopping.aborted) {
      return;
    }
    const active = this.active();
    const { start, waiting } = turnsOf(active, job => this.hasBegun(job), this.needs.cores);
    this.waiting = waiting;
    this.forgetOthers(active);
    for (const id of start) {
      void this.begin(id);
    }
    this.tellPlaces();
    for (const id of waiting.filter(one => !this.kept.has(one))) {
      this.kept.add(id);
      this.needs.keep(id);
    }
    if (waiting.length > 0) {
      void this.look();
    }
  }

  private async begin(id: string): Promise<void> {
    const { jobs } = this.context;
    this.begun.add(id);
    if (jobs.get(id).queue !== null) {
      jobs.show(id, { queue: null });
    }
    await this.needs.submit(id);
    this.next();
  }

  private forgetOthers(active: readonly JobRecord[]): void {
    const ids = new Set(active.map(({ id }) => id));
    for (const known of [this.begun, this.endSeen, this.kept]) {
      [...known].filter(id => !ids.has(id)).forEach(id => known.delete(id));
    }
  }

  private hasBegun({ id, step, submittedAt }: JobRecord): boolean {
    return submittedAt !== null || step !== null || this.begun.has(id);
  }

  /** Oldest first. */
  private active(): JobRecord[] {
    return this.context.jobs
      .list()
      .filter(job => isOfThisMachine(job) && !isTerminal(job.state))
      .reverse();
  }

  private tellPlaces(): void {
    const { clock, jobs } = this.context;
    const isFarDue = clock.steady() >= this.farDueAt;
    if (isFarDue) {
      this.farDueAt = clock.steady() + FAR_SECONDS;
    }
    for (const [index, id] of this.waiting.entries()) {
      const { queue } = jobs.get(id);
      const place = index + 1;
      if (queue === null || (queue.place !== place && (place <= NEAR || isFarDue))) {
        jobs.show(id, {
          state: 'queued',
          queue: { reason: null, wait: 'turn', estimatedStart: null, place }
        });
      }
    }
  }

  /** Looks, while somebody waits, whether one of those that run has left its verdict: the watcher may look rarely. */
  private async look(): Promise<void> {
    if (this.isLooking) {
      return;
    }
    this.isLooking = true;
    const { clock, stopping } = this.context;
    while (this.waiting.length > 0 && !stopping.aborted) {
      const running = this.active().filter(({ submittedAt }) => submittedAt !== null);
      // A disk that is silent is no end, and the next look asks it again.
      await Promise.allSettled(running.map(job => this.lookAt(job)));
      await clock.sleep(LOOK_SECONDS, stopping);
      this.tellPlaces();
    }
    this.isLooking = false;
  }

  private async lookAt(job: JobRecord): Promise<void> {
    const exit = `${jobDirectory(job.cluster.baseFolder, job.id)}/${FILES.exit}`;
    if (
      !this.endSeen.has(job.id) &&
      (await isThere(diskOf(job.cluster.baseFolder, 'read'), exit))
    ) {
      this.endSeen.add(job.id);
      this.needs.ended(job);
    }
  }
}
