import { type IDisposable, DisposableDelegate } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Client } from '../../../api/client';
import type { FieldProblem } from '../../../api/field';
import type { JobRecord } from '../../../api/job';
import type { PageForm, Parsed } from '../../../api/jobSpec';
import { type ContentsPath, contentsPathOf } from '../../../api/paths';
import { type Problem, problem } from '../../../api/problem';
import type { CheckAnswer, ClusterChoice } from '../../../api/routes';
import { needsSignIn } from '../../../api/signIn';
import type { FormValues, IClusters, IJobs, ISubmitForm, SubmitStep } from '../../tokens';
import { jobOfResult } from '../../model/jobOfResult';
import { onQuestionsOver } from '../../model/questionsOver';
import { Asking } from './asking';
import type { ClusterMemory } from './clusterMemory';
import { Drafts, findChoice } from './drafts';
import { type FieldValue, textIn } from './fieldValue';
import type { FieldName } from '../../../api/fields';
import type { IOpenNotebooks } from '../../model/openNotebooks';
import { readForm } from './readForm';
import { saveNotebook } from './saveNotebook';
import { submitForm } from './formSubmission';

/** How long the form says that the job was submitted, in milliseconds. */
const SUBMITTED_MS = 1500;

/** What the form has to do with. */
export interface FormWorld {
  client: Pick<Client, 'check'>;
  jobs: IJobs;
  clusters: IClusters;
  notebooks: IOpenNotebooks;
  memory: ClusterMemory;
  /** Whether a path of Jupyter's contents lies on a drive beside Jupyter's own files. */
  isOnDrive: (path: ContentsPath) => boolean;
}

/** The form: what is filled in for each notebook, and what would come of it. */
export class FormModel implements ISubmitForm {
  readonly changed = new Signal<this, void>(this);
  values: FormValues = {};
  private readonly asking: Asking;
  private readonly drafts: Drafts;
  private readonly steps = new Map<ContentsPath | null, SubmitStep>();
  /** Why the last submission of a notebook did not work. */
  private readonly refusals = new Map<ContentsPath | null, Problem>();
  /** The notebook that the form was asked to show. */
  private shown: ContentsPath | null = null;
  /** Whether a result that is in front is to be submitted itself. */
  private takesResult = false;
  private read: Parsed<PageForm> | null = null;
  /** Which notebook was read, and all that depends on jobs and clusters, as text. */
  private path: ContentsPath | null = null;
  private seen = '';
  private followers = 0;

  constructor(private readonly world: FormWorld) {
    const { client, clusters, jobs, memory, notebooks } = world;
    this.asking = new Asking(client, () => this.changed.emit());
    this.drafts = new Drafts(jobs, clusters, memory);
    notebooks.changed.connect(() => this.onCurrentChanged());
    notebooks.moved.connect((_, move) => this.onMoved(move));
    notebooks.saved.connect(() => this.onSaved());
    jobs.changed.connect(() => this.onSurroundings());
    clusters.changed.connect(() => this.onSurroundings());
    onQuestionsOver(jobs, () => this.onSignedIn());
    this.refresh();
  }

  get notebook(): ContentsPath | null {
    const { front, result } = this;
    return result === null || this.takesResult
      ? front
      : (this.world.jobs.contentsPath(result.job.spec.notebook) ?? null);
  }

  get result(): { path: ContentsPath; job: JobRecord } | null {
    const { front } = this;
    const job = front === null ? null : jobOfResult(this.world.jobs, front);
    return front === null || job === null ? null : { path: front, job };
  }

  get fields(): readonly FieldProblem[] {
    return this.read?.ok === false ? this.read.fields : this.asking.fields;
  }

  get check(): CheckAnswer | null {
    return this.asking.answer;
  }

  get isChecking(): boolean {
    return this.asking.isAsking;
  }

  get step(): SubmitStep {
    return this.steps.get(this.notebook) ?? 'idle';
  }

  get problem(): Problem | null {
    return this.refusals.get(this.notebook) ?? this.obstacle() ?? this.asking.problem;
  }

  set(field: FieldName, value: FieldValue): void {
    if (this.front !== null && this.notebook !== null) {
      if (field === 'cluster' && typeof value === 'string') {
        this.world.memory.keep(value);
        this.asking.forgetProblem();
      }
      this.drafts.set(this.front, field, value);
      this.refusals.delete(this.notebook);
      this.asking.forget(field);
      this.refresh();
      this.changed.emit();
    }
  }

  takeResult(isWanted: boolean): void {
    this.takesResult = isWanted;
    this.onOther();
  }

  show(notebook: ContentsPath): void {
    this.shown = notebook;
    this.takesResult = false;
    this.onOther();
  }

  follow(): IDisposable {
    if (this.followers === 0) {
      this.drafts.begin();
    }
    this.followers += 1;
    this.refresh();
    return new DisposableDelegate(() => {
      this.followers -= 1;
      this.refresh();
    });
  }

  async ask({ save = false } = {}): Promise<void> {
    const path = this.notebook;
    if (path === null || this.obstacle() !== null) {
      return;
    }
    this.refusals.delete(path);
    const refusal = save ? await saveNotebook(this.world.notebooks.find(path)) : null;
    if (refusal !== null) {
      this.refuse(path, refusal);
      return;
    }
    await this.world.clusters.load();
    this.refresh();
    if (this.read?.ok) {
      // The page hears what a login asks.
      const following = this.world.jobs.follow();
      await this.asking.ask(this.read.value);
      following.dispose();
    }
  }

  async submit(): Promise<void> {
    const path = this.notebook;
    if (path === null || this.obstacle() || !this.read?.ok || this.step !== 'idle') {
      return;
    }
    this.refusals.delete(path);
    const { jobs, notebooks } = this.world;
    const refusal = await submitForm({
      form: this.read.value,
      notebook: notebooks.find(path),
      jobs,
      enter: step => this.enter(path, step)
    });
    if (refusal === null) {
      this.enter(path, 'submitted');
      setTimeout(() => this.enter(path, 'idle'), SUBMITTED_MS);
    } else {
      this.steps.delete(path);
      this.refuse(path, refusal);
    }
  }

  /** The notebook that the form is about, which may be a result. */
  private get front(): ContentsPath | null {
    return this.shown ?? this.world.notebooks.current?.path ?? null;
  }

  /** Why this notebook cannot be submitted at all. */
  private obstacle(): Problem | null {
    const path = this.notebook;
    return path !== null && this.world.isOnDrive(path)
      ? problem('not-a-file', { path }).problem
      : null;
  }

  private enter(path: ContentsPath, step: SubmitStep): void {
    this.steps.set(path, step);
    this.changed.emit();
  }

  private refuse(path: ContentsPath, refusal: Problem): void {
    this.refusals.set(path, refusal);
    this.changed.emit();
  }

  private onCurrentChanged(): void {
    this.shown = null;
    this.takesResult = false;
    this.onOther();
  }

  private onMoved(move: { from: ContentsPath; to: ContentsPath }): void {
    this.drafts.move(move);
    this.onOther();
  }

  private onSaved(): void {
    this.asking.outdate();
    this.refresh();
  }

  /** Somebody has logged in somewhere: what waits for that may be answered now. */
  private onSignedIn(): void {
    const { isAsking, problem: wrong } = this.asking;
    if (!isAsking && wrong !== null && needsSignIn(wrong.code)) {
      this.asking.outdate();
      this.refresh();
    }
  }

  /** The form is for another notebook than before. */
  private onOther(): void {
    this.drafts.begin();
    this.asking.reset();
    this.refresh();
    this.changed.emit();
  }

  /** Clusters or jobs have changed, and with them perhaps what a person has not filled in. */
  private onSurroundings(): void {
    const before = this.seen;
    this.refresh();
    if (this.seen !== before) {
      this.changed.emit();
    }
  }

  /** Reads what is filled in now, and asks about it when somebody looks. */
  private refresh(): void {
    const path = this.notebook;
    const job = this.result?.job ?? null;
    if (path !== this.path) {
      this.path = path;
      this.asking.reset();
    }
    this.values = this.drafts.values(this.front ?? contentsPathOf(''), job);
    const { choice } = this;
    this.read = path === null ? null : readForm(path, this.values, choice);
    if (!this.read?.ok || (choice !== null && choice.problem !== null)) {
      this.asking.reset();
    } else if (this.followers > 0 && choice !== null && !this.obstacle()) {
      this.asking.askSoon(this.read.value);
    } else {
      this.asking.pause();
    }
    this.seen = JSON.stringify([path, job?.id, job?.state, this.values, this.fields]);
  }

  private get choice(): ClusterChoice | null {
    return findChoice(this.world.clusters, textIn(this.values, 'cluster'));
  }
}
