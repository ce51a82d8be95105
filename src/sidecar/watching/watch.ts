import { type JobRecord, isTerminal } from '../../api/job';
import type { Attention } from '../../job/pace';
import { type Memory, NOTHING, moved } from '../../job/observation';
import { onOurClock } from '../../job/ourClock';
import { nextStatus } from '../../job/status';
import { type Problem, problem } from '../../api/problem';
import { asProblem } from '../process/asProblem';
import { Cancels, type Cancelling } from './cancel';
import { shellOf } from '../clusters/shell';
import { type Look, type Question, type Seen, look } from './look';
import { NO_RESULT } from '../records/noResult';
import { Rhythm } from './rhythm';
import { type Site, siteKey } from '../clusters/site';

/** What the watcher of one site needs from the rest. */
export interface Watching {
  /** Who looks at these jobs at the moment. */
  attention(ids: readonly string[]): Attention;
  /** Called when a job has got its verdict. */
  over(id: string): void;
}

/** How many jobs the scheduler's records are asked about in one look. */
const MOST_EXPLAINED = 50;

/** What a watcher uses. */
export interface WatcherParts extends Cancelling {
  stopping: AbortSignal;
}

/**
 * Watches the jobs of one site: one loop, one remote command a tick, none while no job is active. What a look
 * means is decided in job/status.
 */
export class Watcher {
  private readonly seen = new Map<string, Seen>();
  private readonly memory = new Map<string, Memory>();
  /** When each job was looked at last. */
  private readonly lookedAt = new Map<string, number>();
  /** What the time of day is ahead of a clock that nobody sets. */
  private ahead: number | null = null;
  private readonly cancels: Cancels;
  private running = false;
  private hurried = false;
  private wake = new AbortController();
  private readonly rhythm: Rhythm;
  private readonly siteKey: string;

  constructor(
    private readonly context: WatcherParts,
    private readonly site: Site,
    private readonly watching: Watching
  ) {
    this.cancels = new Cancels(context);
    this.rhythm = new Rhythm(context.clock, watching);
    this.siteKey = siteKey(site);
  }

  /** Looks soon: a job was submitted, or somebody wants to know. Starts the loop where it rests. */
  hurry({ askQueue = false } = {}): void {
    if (askQueue) {
      this.rhythm.askQueue();
    }
    this.hurried = true;
    this.wake.abort();
    if (!this.running) {
      this.running = true;
      this.loop().catch((error: unknown) => {
        this.running = false;
        this.context.log.error({ host: this.site.host, err: error }, 'watching ended');
      });
    }
  }

  /** Tells the cluster to end a job whose cancel is recorded. */
  cancel(id: string): void {
    this.cancels.forget(id);
    this.hurry({ askQueue: true });
  }

  /** Looks at these jobs now, whatever their state; rejects when the cluster cannot be heard. */
  async lookNow(records: readonly JobRecord[]): Promise<void> {
    const [first] = records;
    if (first) {
      const shell = shellOf(this.context, first.cluster);
      try {
        const past = records.flatMap(({ schedulerId, state }) =>
          state === 'lost' ? (schedulerId ?? []) : []
        );
        const asked = [...past, ...this.explanations(records)];
        const question = { queue: true, past: asked, lingerSeconds: 0 };
        this.apply(
          records,
          question,
          await look(shell, records, this.seen, shell.scheduler, question)
        );
      } catch (error) {
        this.forget(records);
        throw error;
      }
    }
  }

  private async loop(): Promise<void> {
    const { clock, stopping } = this.context;
    for (
      let active = this.active();
      active.length > 0 && !stopping.aborted;
      active = this.active()
    ) {
      const began = clock.steady();
      this.wake = new AbortController();
      const linger = this.hurried ? 0 : this.rhythm.linger(active, this.askAt(active));
      this.hurried = false;
      await this.tick(active, linger);
      if (!this.hurried) {
        this.wake = new AbortController();
        // A look that was to wait and came back sooner has told of an end, or could not wait.
        const pause = linger > 0 ? linger - (clock.steady() - began) : this.pause();
        await clock.sleep(Math.max(0, pause), AbortSignal.any([this.wake.signal, stopping]));
      }
    }
    this.running = false;
  }

  private async tick(active: JobRecord[], lingerSeconds: number): Promise<void> {
    const { log, jobs, stopping } = this.context;
    this.noteClock();
    const [first] = active;
    if (!first) {
      return;
    }
    const shell = shellOf(this.context, first.cluster);
    const past = this.explanations(active);
    // The queue still has most jobs that have just ended.
    const queue = this.rhythm.isQueueDue() || past.length > 0;
    const question = { queue, past, lingerSeconds };
    // A look that does not wait is over soon, and is none that was given up.
    const hurry = lingerSeconds > 0 ? AbortSignal.any([this.wake.signal, stopping]) : undefined;
    try {
      await this.cancels.tell(active);
      const answer = await look(shell, active, this.seen, shell.scheduler, question, hurry);
      this.rhythm.heard();
      if (question.queue) {
        this.rhythm.queueAsked(active, answer.queue !== null, shell.scheduler.queuePace);
      }
      this.apply(active, question, answer);
    } catch (error) {
      if (hurry?.aborted === true) {
        // Somebody is in a hurry, or we end.
        return;
      }
      // Whatever it was (a full disk under the records, too): jobs go on, and so does watching.
      const why = asProblem(error);
      this.forget(active);
      this.rhythm.unheard();
      log.warn({ host: this.site.host, problem: why, err: error }, 'the cluster was not heard');
      for (const { id, contact, state } of active.flatMap(job => jobs.find(job.id) ?? [])) {
        if (!isTerminal(state)) {
          jobs.show(id, { contact: { ...contact, problem: why } });
        }
      }
    }
  }

  /** Somebody may set the clock of this machine, or it sleeps: what is remembered of looks moves along. */
  private noteClock(): void {
    const { clock } = this.context;
    const ahead = clock.now() - clock.steady();
    const seconds = ahead - (this.ahead ?? ahead);
    this.ahead = ahead;
    for (const [id, memory] of this.memory) {
      this.memory.set(id, moved(memory, seconds));
    }
    for (const [id, at] of this.lookedAt) {
      this.lookedAt.set(id, at + seconds);
    }
  }

  /** The scheduler's ids of the jobs whose end its records are to explain now. */
  private explanations(records: readonly JobRecord[]): string[] {
    const now = this.context.clock.now();
    return records
      .filter(({ id }) => now >= (this.memory.get(id)?.askAt ?? Infinity))
      .flatMap(({ schedulerId }) => schedulerId ?? [])
      .slice(0, MOST_EXPLAINED);
  }

  /** What was seen and could not be recorded has to be seen again. */
  private forget(records: readonly JobRecord[]): void {
    for (const { id } of records) {
      this.seen.delete(id);
      this.lookedAt.delete(id);
    }
  }

  private apply(
    records: readonly JobRecord[],
    question: Question,
    { files, past, queue, unreadable }: Look
  ): void {
    const { jobs, clock, log } = this.context;
    const at = clock.now();
    for (const { id } of records) {
      const record = jobs.find(id);
      if (!record) {
        continue;
      }
      const known = this.memory.get(id) ?? NOTHING;
      const entry = queue?.find(
        ({ schedulerId, jobId }) => schedulerId === record.schedulerId && (jobId ?? id) === id
      );
      const { started = null, progress = null, exit = null } = files.get(id) ?? {};
      const { change, memory } = nextStatus(
        record,
        known,
        onOurClock(record, this.lookedAt.get(id) ?? null, {
          at,
          started,
          progress,
          exit,
          unreadable: unreadable.get(id) ?? [],
          queue: queue === null ? 'unknown' : (entry ?? 'absent'),
          past: question.past.includes(record.schedulerId ?? '')
            ? (past?.get(record.schedulerId ?? '') ?? 'nothing')
            : 'unasked'
        }),
        shellOf(this.context, record.cluster).scheduler
      );
      this.memory.set(id, memory);
      this.lookedAt.set(id, at);
      const { progress: shown, ...kept } = change;
      const why = this.cancels.problemOf(id) ?? unreadableProblem(unreadable.get(id) ?? []);
      const contact = { seenAt: at, problem: why };
      jobs.show(id, { progress: shown ?? record.progress, contact });
      // What came home of a lost job was what there was by then.
      const isFound = record.state === 'lost' && kept.state !== undefined;
      const endSeenAt = isTerminal(kept.state ?? 'preparing') ? { endSeenAt: at } : {};
      const after = jobs.update(
        id,
        { ...kept, ...endSeenAt, ...(isFound && { result: NO_RESULT }) },
        isFound ? { forget: true } : undefined
      );
      if (isTerminal(after.state) && after.state !== record.state) {
        log.info({ job: id, state: after.state, cause: after.cause }, 'over');
        this.seen.delete(id);
        this.memory.delete(id);
        this.lookedAt.delete(id);
        this.cancels.forget(id);
        this.watching.over(id);
      }
    }
  }

  private active(): JobRecord[] {
    return this.context.jobs
      .list()
      .filter(
        ({ cluster, state, submittedAt }) =>
          siteKey(cluster) === this.siteKey && submittedAt !== null && !isTerminal(state)
      );
  }

  private pause(): number {
    const active = this.active();
    return this.rhythm.pause(active, this.askAt(active));
  }

  /** When the scheduler's records are to explain an end next. */
  private askAt(active: readonly JobRecord[]): number {
    return Math.min(...active.map(({ id }) => this.memory.get(id)?.askAt ?? Infinity));
  }
}

/** What a job's own files say, and nobody can read. */
function unreadableProblem(names: readonly string[]): Problem | null {
  return names.length === 0
    ? null
    : problem('state-file-unreadable', { file: names.join(', ') }).problem;
}
