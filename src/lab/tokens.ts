import { Token } from '@lumino/coreutils';
import type { IDisposable } from '@lumino/disposable';
import type { ISignal } from '@lumino/signaling';
import type { Client } from '../api/client';
import type { Account, ClusterCheck, Qos, Queue } from '../api/clusterCheck';
import type { FieldProblem } from '../api/field';
import type { JobRecord } from '../api/job';
import type { PageForm } from '../api/jobSpec';
import type { ContentsPath, FilePath } from '../api/paths';
import type { Problem } from '../api/problem';
import type { Question } from '../api/question';
import type { CheckAnswer, ClusterChoice } from '../api/routes';

/** The service that submits jobs, as a page reaches it. */
export const IClient = new Token<Client>(
  'jupyterlab-submit:IClient',
  'Asks the service that submits jobs, through the Jupyter server.'
);

/** What a person can do with a job of the list. */
export type JobAction = 'cancel' | 'refresh' | 'fetch' | 'remove' | 'submit-again';

/** How well a list is known: nobody asked yet; asked; known and kept fresh; the last one known, and `problem` says why. */
export type Phase = 'idle' | 'loading' | 'live' | 'offline';

/** A host that has let us in before, and lets nobody in now until the person signs in; `job` is one that waits for it. */
export interface SignInNeed {
  host: string;
  job: JobRecord;
}

/** The jobs as this page knows them, and what can be done with them. */
export interface IJobs {
  /** Anything here has changed. */
  readonly changed: ISignal<IJobs, void>;
  /** A job has ended, and no page of this browser has told the person yet. */
  readonly ended: ISignal<IJobs, JobRecord>;
  /** The person has submitted a job in this page; it is in the list. */
  readonly begun: ISignal<IJobs, JobRecord>;
  /** Jobs wait for the person to sign in, and no page of this browser has said so yet. */
  readonly signInNeeded: ISignal<IJobs, SignInNeed>;
  /** Newest first. */
  readonly list: readonly JobRecord[];
  /** The ids of jobs whose records cannot be read. */
  readonly unreadable: readonly string[];
  /** What a person is to be told that no job says. */
  readonly notices: readonly Problem[];
  /** What logins ask now, the oldest first; another array when it is another list. */
  readonly questions: readonly Question[];
  readonly phase: Phase;
  /** Why the list is offline. */
  readonly problem: Problem | null;

  /** Keeps the list fresh until the returned object is disposed; `view` names a job that is shown closely. */
  follow(view?: string): IDisposable;
  /** The person has seen the notices, on whatever page. */
  dismissNotices(): void;
  /** Asks for the list again at once, after a problem. */
  retry(): void;
  /**
   * Submits a form; the job is in the list when it resolves. Rejects with a `ProblemError`. This and whatever else a person does
   * here waits while a login asks: see `questions`.
   */
  submit(form: PageForm): Promise<JobRecord>;
  /** Submits what a job was, with some fields changed. Rejects with a `ProblemError`. */
  submitAgain(id: string, changes?: Partial<PageForm>): Promise<JobRecord>;
  /**
   * Does something with a job. Never rejects: `action` tells how it goes and how it went. A job whose result is only in
   * its job directory is removed only when `evenResult` says so; without it that is the problem `result-not-fetched`.
   */
  act(
    id: string,
    action: Exclude<JobAction, 'submit-again'>,
    options?: { evenResult?: boolean }
  ): Promise<void>;
  /** What is being done with a job at the person's wish, or went wrong; null when there is nothing to say. */
  action(id: string): { name: JobAction; problem: Problem | null } | null;
  /** Forgets that an action went wrong. */
  dismiss(id: string): void;
  /**
   * A file of this machine as a path of Jupyter's contents; null when it lies outside of what this server shows, undefined
   * while that is not known yet (`changed` tells).
   */
  contentsPath(file: FilePath): ContentsPath | null | undefined;
}
export const IJobs = new Token<IJobs>(
  'jupyterlab-submit:IJobs',
  'The jobs as this page knows them, and what can be done with them.'
);

/** What logins ask the person, whichever page or terminal has brought it about. */
export interface IQuestions {
  readonly changed: ISignal<IQuestions, void>;
  /** Those that wait for an answer, the oldest first. */
  readonly list: readonly Question[];
  /**
   * Answers one, which is then in the list no more; null: the person wants no more of this login. Rejects with a `ProblemError`;
   * unless that is `question-over`, the question is in the list again. `keeps`: a passphrase is to be kept until the service ends.
   */
  answer(id: string, answers: string[] | null, keeps?: boolean): Promise<void>;
}
export const IQuestions = new Token<IQuestions>(
  'jupyterlab-submit:IQuestions',
  'What logins ask the person, whichever page or terminal has brought it about.'
);

/** The clusters that can be chosen, with what the settings say. */
export interface IClusters {
  readonly changed: ISignal<IClusters, void>;
  readonly choices: readonly ClusterChoice[];
  readonly phase: Phase;
  /** Why they are not known, or what is wrong with the settings as a whole. */
  readonly problem: Problem | null;
  /** Asks for them, if nobody has yet or the settings have changed since; `again` after a problem. Never rejects. */
  load(again?: boolean): Promise<void>;
}
export const IClusters = new Token<IClusters>(
  'jupyterlab-submit:IClusters',
  'The clusters that can be chosen, with what the settings say.'
);

/** How it stands with the check of a cluster; of all three nothing, while nobody has asked. */
export interface CheckState {
  isChecking: boolean;
  /** What the last check told; stays while the next one is under way, and so does `problem`. */
  check: ClusterCheck | null;
  /** Why the last one told nothing. */
  problem: Problem | null;
}

/** Whether the clusters that a person chooses can run jobs; kept for as long as the page lives. */
export interface IClusterChecks {
  readonly changed: ISignal<IClusterChecks, void>;
  /** What is known of the chosen cluster, with Python and environment lines as the form has them now. */
  readonly current: CheckState;
  /** The queues of the chosen cluster, as they were told last. */
  readonly queues: Queue[];
  /** The person's accounts and QoS there, likewise. */
  readonly accounts: Account[];
  readonly qos: Qos[];
  /** Checks the chosen cluster now, as the person wants it, who answers what its login asks. Never rejects: see `current`. */
  ask(): Promise<void>;
  /** Checks a cluster by itself when it is first chosen, until the returned object is disposed. */
  follow(): IDisposable;
}
export const IClusterChecks = new Token<IClusterChecks>(
  'jupyterlab-submit:IClusterChecks',
  'Whether the clusters that a person chooses can run jobs.'
);

/** What a person has filled in, as it stands in the fields: numbers are text until they are checked. */
export type FormValues = Partial<Record<keyof PageForm, string | boolean | readonly string[]>>;

/** Where a submission is. */
export type SubmitStep = 'idle' | 'saving' | 'submitting' | 'submitted';

/** The form of the panel: for which notebook, what is filled in, and what would come of it. */
export interface ISubmitForm {
  readonly changed: ISignal<ISubmitForm, void>;
  /** The notebook that is submitted; null when there is none to submit. */
  readonly notebook: ContentsPath | null;
  /**
   * Where the notebook in front is the result of a job: its path, and the job. `notebook` is then the one that the job was
   * submitted with, unless `takeResult` says otherwise.
   */
  readonly result: { path: ContentsPath; job: JobRecord } | null;
  /**
   * What stands in the fields: the person's own, else what the last job of this notebook had there, else the defaults. The
   * cluster is the person's own for this notebook, else the one that was used last, else This machine; so it is always one
   * that may be contacted.
   */
  readonly values: FormValues;
  /** Which fields are wrong, by what is filled in now. */
  readonly fields: readonly FieldProblem[];
  /** What submitting would do, as far as it has been asked for; null before, and where a field is wrong. */
  readonly check: CheckAnswer | null;
  /** Whether `check` is being asked for. */
  readonly isChecking: boolean;
  readonly step: SubmitStep;
  /** Why the last submission or check did not work. */
  readonly problem: Problem | null;

  set(field: keyof PageForm, value: string | boolean | readonly string[]): void;
  /**
   * Asks what submitting would do, as the person wants it, who answers what a login asks; saves the notebook first when `save`
   * says so. Never rejects.
   */
  ask(options?: { save?: boolean }): Promise<void>;
  /** Saves the notebook and submits it; once, however often it is called meanwhile. Never rejects: see `problem`. */
  submit(): Promise<void>;
  /** Whether to submit the result in front itself, as a notebook like any other, until another one becomes current. */
  takeResult(isWanted: boolean): void;
  /** Shows the form for this notebook, until another one becomes current. */
  show(notebook: ContentsPath): void;
  /** Keeps `check` up to date with what is filled in, until the returned object is disposed. */
  follow(): IDisposable;
}
export const ISubmitForm = new Token<ISubmitForm>(
  'jupyterlab-submit:ISubmitForm',
  'The form of the panel: for which notebook, what is filled in, and what would come of it.'
);
