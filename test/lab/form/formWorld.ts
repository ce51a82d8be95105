import { DisposableDelegate } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { Presence } from '../../../src/api/client';
import { FIELDS, FIELD_NAMES } from '../../../src/api/fields';
import type { JobRecord } from '../../../src/api/job';
import type { PageForm } from '../../../src/api/jobSpec';
import { type ContentsPath, contentsPathOf } from '../../../src/api/paths';
import type { Problem } from '../../../src/api/problem';
import type { CheckAnswer, ClusterChoice } from '../../../src/api/routes';
import { ClusterMemory } from '../../../src/lab/form/model/clusterMemory';
import { FormModel } from '../../../src/lab/form/model/formModel';
import type { IOpenNotebooks, OpenNotebook } from '../../../src/lab/model/openNotebooks';
import type { IClusters, Phase, SubmitStep } from '../../../src/lab/tokens';
import { jobRecord, jobSpec } from '../../api/jobRecord';
import { FakeBrowser } from '../fakeBrowser';
import { FakeJobs } from '../jobs/fakeJobs';

/** A form with everything around it, for the notebook `work/analysis.ipynb`. */
export function formWorld({
  jobs = new SubmittedJobs(),
  clusters = new FakeClusters(),
  memory = new ClusterMemory(new FakeBrowser().page(), 'cluster')
} = {}) {
  const notebook = new FakeNotebook('work/analysis.ipynb');
  const other = new FakeNotebook('other.ipynb');
  const notebooks = new FakeNotebooks([notebook, other]);
  const client = new FakeChecks();
  const isOnDrive = (path: string): boolean => path.startsWith('Cloud:');
  const form = new FormModel({ client, jobs, clusters, notebooks, memory, isOnDrive });
  const steps: SubmitStep[] = [];
  form.changed.connect(() => {
    if (form.step !== (steps.at(-1) ?? 'idle')) {
      steps.push(form.step);
    }
  });
  return { client, clusters, form, jobs, notebook, notebooks, other, steps };
}

/** Jobs that note what is submitted, and answer as a test says. */
export class SubmittedJobs extends FakeJobs {
  readonly submitted: PageForm[] = [];
  followers = 0;
  answer: () => Promise<JobRecord> = () => Promise.resolve(jobRecord());

  override submit(form?: PageForm): Promise<JobRecord> {
    this.submitted.push(...(form ? [form] : []));
    return this.answer();
  }

  override follow(): DisposableDelegate {
    this.followers += 1;
    return new DisposableDelegate(() => (this.followers -= 1));
  }
}

/** Clusters that a test says. */
export class FakeClusters implements IClusters {
  readonly changed: Signal<IClusters, void> = new Signal(this);
  phase: Phase = 'live';
  problem: Problem | null = null;
  /** How often they were asked for. */
  loads = 0;

  constructor(public choices: readonly ClusterChoice[] = [clusterChoice()]) {}

  tell(change: Partial<Pick<FakeClusters, 'choices' | 'phase' | 'problem'>>): void {
    Object.assign(this, change);
    this.changed.emit();
  }

  load(): Promise<void> {
    this.loads += 1;
    return Promise.resolve();
  }
}

/** This machine as a choice, and what a test changes of it. */
export function clusterChoice(change: Partial<ClusterChoice> = {}): ClusterChoice {
  return {
    name: 'local',
    title: 'This machine',
    host: null,
    cluster: null,
    problem: null,
    defaults: { cores: 2, time: '1h' },
    fields: FIELD_NAMES.filter(
      field => !('needsScheduler' in FIELDS[field]) || field === 'coresPerEngine'
    ),
    profile: null,
    siteProblem: null,
    cores: 8,
    ...change
  };
}

/** A cluster with everything that a batch system takes. */
export function hpc(change: Partial<ClusterChoice> = {}): ClusterChoice {
  return clusterChoice({
    name: 'hpc',
    title: 'HPC',
    cores: null,
    fields: [...clusterChoice().fields, 'nodes', 'memoryPerCore', 'queue', 'directives', 'email'],
    ...change
  });
}

/** An open notebook that notes its saves. */
export class FakeNotebook implements OpenNotebook {
  isDirty = false;
  isReadOnly = false;
  saves = 0;
  onSave: () => Promise<void> = () => Promise.resolve();

  readonly path: ContentsPath;

  constructor(path: string) {
    this.path = contentsPathOf(path);
  }

  async save(): Promise<void> {
    this.saves += 1;
    await this.onSave();
    this.isDirty = false;
  }
}

/** The notebooks that a test has open; the first is current. */
export class FakeNotebooks implements IOpenNotebooks {
  readonly changed: Signal<IOpenNotebooks, void> = new Signal(this);
  readonly moved: Signal<IOpenNotebooks, { from: ContentsPath; to: ContentsPath }> = new Signal(
    this
  );
  readonly saved: Signal<IOpenNotebooks, void> = new Signal(this);

  constructor(
    readonly open: readonly FakeNotebook[],
    public current: FakeNotebook | null = open[0] ?? null
  ) {}

  turnTo(notebook: FakeNotebook | null): void {
    this.current = notebook;
    this.changed.emit();
  }

  find(path: string): FakeNotebook | null {
    return this.open.find(notebook => notebook.path === path) ?? null;
  }
}

/** What a check answers, and what a test changes of it. */
export function checkAnswer(change: Partial<CheckAnswer> = {}): CheckAnswer {
  const { cluster } = jobRecord();
  return {
    spec: jobSpec(),
    cluster,
    script: '#!/bin/bash\n',
    files: [],
    notTaken: [],
    skipped: [],
    engines: 4,
    mpi: false,
    profile: null,
    notes: [],
    ...change
  };
}

/** A service that answers checks as a test says. */
export class FakeChecks {
  readonly asked: PageForm[] = [];
  /** For whom, for each of them. */
  readonly who: (Presence & { insists?: boolean })[] = [];
  answer: () => Promise<CheckAnswer> = () => Promise.resolve(checkAnswer());

  check(form: PageForm, who: Presence & { insists?: boolean } = {}): Promise<CheckAnswer> {
    this.asked.push(form);
    this.who.push(who);
    return this.answer();
  }
}

/** A promise that a test settles. */
export function later<T>(): {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (error: unknown) => void;
} {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
