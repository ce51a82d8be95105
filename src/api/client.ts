import * as v from 'valibot';
import { ClusterCheck } from './clusterCheck';
import { type JobEvent, parseEvents } from './events';
import type { JobRecord } from './job';
import type { JobForm } from './jobSpec';
import type { AnswerRequest, Question } from './question';
import { AnyProblem, type Problem, ProblemError, problem } from './problem';
import type { ReadRecords } from './readRecords';
import {
  AnsweredAnswer,
  type Caller,
  CheckAnswer,
  ClustersAnswer,
  type FetchRequest,
  FilesAnswer,
  type FilesOf,
  JobAnswer,
  JobsAnswer,
  LogAnswer,
  NoticesAnswer,
  Pong,
  ROUTES,
  RecoverAnswer,
  RemoveAnswer,
  ScriptAnswer
} from './routes';

/** One request as a transport carries it: a path below the sidecar's root, and JSON text as its body. */
export interface Request {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  body?: string;
}

/** The answer, with its body still to be read. */
export interface Answer {
  status: number;
  /** The body as text, chunk by chunk; leaving the loop early closes the request. */
  chunks: AsyncIterable<string>;
}

/**
 * How requests reach the sidecar: over its socket from a terminal, through the Jupyter server from a browser.
 * Rejects only when no answer came at all.
 */
export type Transport = (request: Request) => Promise<Answer>;

/**
 * What a request of a person's may bring about. `asks`: somebody is there to answer what a host asks, and the request waits for
 * that; otherwise a host that asks is a problem.
 */
export interface Presence {
  asks?: boolean | undefined;
}

/** The part of a job form that the check of a cluster looks at. */
export type CheckedForm = Pick<JobForm, 'cluster' | 'environment' | 'python' | 'queue'>;

/**
 * Everything that a panel or a terminal asks of the sidecar. Each call rejects with a `ProblemError`, or as the
 * transport does when no answer came.
 */
export class Client {
  /**
   * @param caller Absent where the transport's other end says who calls, as the Jupyter server does.
   * @param noticed Takes what a person is to be told, whenever it comes with the jobs.
   */
  constructor(
    private readonly transport: Transport,
    private readonly caller?: Caller,
    private readonly noticed: (notices: readonly Problem[]) => void = () => undefined
  ) {}

  ping(): Promise<v.InferOutput<typeof Pong>> {
    return this.call(Pong, 'GET', ROUTES.ping);
  }

  /** The clusters that can be chosen. */
  clusters(): Promise<ClustersAnswer> {
    return this.call(ClustersAnswer, 'POST', ROUTES.clusters, this.from({}));
  }

  /**
   * What submitting this form would do, or the fields that are wrong. Changes nothing. `insists`: a person has asked
   * for just this, so a host that has refused us is asked again.
   */
  check(
    form: unknown,
    { asks, insists = false }: Presence & { insists?: boolean } = {}
  ): Promise<CheckAnswer> {
    const asked = { form, ...(insists && { insists }), ...presence({ asks }) };
    return this.call(CheckAnswer, 'POST', ROUTES.check, this.from(asked));
  }

  /**
   * Looks whether a cluster can run jobs, with what the form says of environment, Python and queue; `insists` as of `check`. May
   * take minutes.
   */
  checkCluster(
    form: CheckedForm,
    { asks, insists = false }: Presence & { insists?: boolean } = {}
  ): Promise<ClusterCheck> {
    const asked = { form, ...(insists && { insists }), ...presence({ asks }) };
    return this.call(ClusterCheck, 'POST', ROUTES.clusterCheck, this.from(asked));
  }

  /** Makes records of the jobs on a cluster that have none; `all`: of those from other machines, too. May take minutes. */
  recover(cluster: string, all: boolean, who: Presence = {}): Promise<RecoverAnswer> {
    const asked = { cluster, all, ...presence(who) };
    return this.call(RecoverAnswer, 'POST', ROUTES.recover, this.from(asked));
  }

  /** Submits a job under an id of the caller's. Asking again with the same id gives the same job, never a second. */
  async submit(id: string, form: unknown, who: Presence = {}): Promise<JobRecord> {
    const asked = this.from({ form, ...presence(who) });
    return (await this.call(JobAnswer, 'PUT', ROUTES.job(id), asked)).job;
  }

  /** All jobs, newest first, and the ids of those whose records cannot be read. */
  async list(): Promise<ReadRecords & { notices: Problem[]; questions: Question[] }> {
    const list = await this.call(JobsAnswer, 'GET', ROUTES.jobs);
    this.hear(list.notices);
    return list;
  }

  /** Answers what a login asks; null: the person wants no more of it. `keeps`: a passphrase is to be kept until the service ends. */
  async answer(id: string, answers: AnswerRequest['answers'], keeps = false): Promise<void> {
    const answer = { answers, ...(keeps && { keeps }) };
    await this.call(AnsweredAnswer, 'POST', ROUTES.question(id), answer);
  }

  /** Says that a person has seen the notices. */
  async noticesTold(): Promise<void> {
    await this.call(NoticesAnswer, 'POST', ROUTES.noticesTold, {});
  }

  /** All jobs whose records can be read, newest first. */
  async jobs(): Promise<JobRecord[]> {
    return (await this.list()).jobs;
  }

  async job(id: string): Promise<JobRecord> {
    return (await this.call(JobAnswer, 'GET', ROUTES.job(id))).job;
  }

  /** Asks the cluster to end the job; its state still comes from the job itself. */
  async cancel(id: string, who: Presence = {}): Promise<JobRecord> {
    return (await this.call(JobAnswer, 'POST', withPresence(ROUTES.cancel(id), who), {})).job;
  }

  /** Fetches what is not here yet: a result that could not be placed, files that were left for their size. */
  async fetch(id: string, request: FetchRequest = {}, who: Presence = {}): Promise<JobRecord> {
    return (await this.call(JobAnswer, 'POST', withPresence(ROUTES.fetch(id), who), request)).job;
  }

  /** Looks at the job on its cluster now; also how a lost job gets a verdict after all. */
  async refresh(id: string, who: Presence = {}): Promise<JobRecord> {
    return (await this.call(JobAnswer, 'POST', withPresence(ROUTES.refresh(id), who), {})).job;
  }

  /**
   * Forgets a job that is over, and removes its job directory; what is on the user's machine stays. A result that is
   * only in the job directory goes with it only when `evenResult` says so.
   */
  async remove(
    id: string,
    { asks, evenResult = false }: Presence & { evenResult?: boolean } = {}
  ): Promise<void> {
    const path = withPresence(`${ROUTES.job(id)}${evenResult ? '?result=too' : ''}`, { asks });
    await this.call(RemoveAnswer, 'DELETE', path);
  }

  /** A page of the names of a result's files, at most `limit`, from the one numbered `from` on. */
  files(
    id: string,
    of: FilesOf,
    { from = 0, limit }: { from?: number; limit?: number } = {}
  ): Promise<FilesAnswer> {
    const most = limit === undefined ? '' : `&limit=${limit}`;
    return this.call(FilesAnswer, 'GET', `${ROUTES.files(id)}?of=${of}&from=${from}${most}`);
  }

  /** All of them, a page after the other. */
  async *allFiles(id: string, of: FilesOf): AsyncGenerator<FilesAnswer['files']> {
    for (let from: number | null = 0; from !== null;) {
      const page: FilesAnswer = await this.files(id, of, { from });
      yield page.files;
      from = page.next;
    }
  }

  async script(id: string): Promise<string> {
    return (await this.call(ScriptAnswer, 'GET', ROUTES.script(id))).script;
  }

  /** A log's text from byte `from` on; `name` is a `LogName`. */
  log(id: string, name: string, from: number): Promise<LogAnswer> {
    return this.call(LogAnswer, 'GET', `${ROUTES.log(id)}?name=${name}&from=${from}`);
  }

  /** All jobs, and then every change. `view` names a job that somebody looks at closely. */
  async *events(view?: string): AsyncGenerator<JobEvent> {
    const path = view === undefined ? ROUTES.events : `${ROUTES.events}?view=${view}`;
    const answer = await this.transport({ method: 'GET', path });
    if (answer.status !== 200) {
      throw refusal(await textOf(answer));
    }
    for await (const event of parseEvents(answer.chunks)) {
      if (event.type === 'jobs') {
        this.hear(event.notices ?? []);
      }
      yield event;
    }
  }

  private hear(notices: readonly Problem[]): void {
    if (notices.length > 0) {
      this.noticed(notices);
    }
  }

  private from(body: object): object {
    return this.caller === undefined ? body : { ...body, caller: this.caller };
  }

  private async call<S extends v.GenericSchema>(
    schema: S,
    method: Request['method'],
    path: string,
    body?: unknown
  ): Promise<v.InferOutput<S>> {
    const answer = await this.transport({
      method,
      path,
      ...(body !== undefined && { body: JSON.stringify(body) })
    });
    const text = await textOf(answer);
    if (answer.status >= 300) {
      throw refusal(text);
    }
    const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
    if (!read.success) {
      throw unreadable(text);
    }
    return read.output;
  }
}

function presence({ asks }: Presence): Presence {
  return asks === true ? { asks } : {};
}

/** The same for a request without a body of its own. */
function withPresence(path: string, { asks }: Presence): string {
  return asks === true ? `${path}${path.includes('?') ? '&' : '?'}asks=true` : path;
}

async function textOf(answer: Answer): Promise<string> {
  let text = '';
  for await (const chunk of answer.chunks) {
    text += chunk;
  }
  return text;
}

function refusal(text: string): ProblemError {
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), AnyProblem), text);
  return read.success ? new ProblemError(read.output) : unreadable(text);
}

function unreadable(text: string): ProblemError {
  return problem('answer-unreadable', {}, { details: { output: text.slice(0, 2000) } });
}
