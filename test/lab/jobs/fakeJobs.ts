import { DisposableDelegate } from '@lumino/disposable';
import { Signal } from '@lumino/signaling';
import type { JobRecord } from '../../../src/api/job';
import { type ContentsPath, type FilePath, contentsPathOf } from '../../../src/api/paths';
import type { Problem } from '../../../src/api/problem';
import type { Question } from '../../../src/api/question';
import type { IJobs, JobAction, Phase, SignInNeed } from '../../../src/lab/tokens';

/** Jobs that a test says, and that note what they are asked for. */
export class FakeJobs implements IJobs {
  readonly changed: Signal<IJobs, void> = new Signal(this);
  readonly ended: Signal<IJobs, JobRecord> = new Signal(this);
  readonly begun: Signal<IJobs, JobRecord> = new Signal(this);
  readonly signInNeeded: Signal<IJobs, SignInNeed> = new Signal(this);
  unreadable: readonly string[] = [];
  notices: readonly Problem[] = [];
  questions: readonly Question[] = [];
  phase: Phase = 'live';
  problem: Problem | null = null;
  readonly actions = new Map<string, { name: JobAction; problem: Problem | null }>();
  /** What `contentsPath` answers. */
  path: (file: string) => string | null | undefined = file => file.replace('/home/ada/', '');
  /** What was asked for, in words. */
  readonly asked: string[] = [];

  constructor(public list: readonly JobRecord[] = []) {}

  /** Changes something, and tells it. */
  tell(
    change: Partial<
      Pick<FakeJobs, 'list' | 'unreadable' | 'notices' | 'phase' | 'problem' | 'path' | 'questions'>
    > = {}
  ): void {
    Object.assign(this, change);
    this.changed.emit();
  }

  follow(): DisposableDelegate {
    return new DisposableDelegate(() => undefined);
  }

  dismissNotices(): void {
    this.asked.push('dismiss notices');
  }

  retry(): void {
    this.asked.push('retry');
  }

  submit(): Promise<JobRecord> {
    return Promise.reject(new Error('not asked of these jobs'));
  }

  submitAgain(): Promise<JobRecord> {
    return Promise.reject(new Error('not asked of these jobs'));
  }

  act(id: string, action: JobAction, { evenResult = false } = {}): Promise<void> {
    this.asked.push(`${action} ${id}${evenResult ? ' even its result' : ''}`);
    return Promise.resolve();
  }

  action(id: string): { name: JobAction; problem: Problem | null } | null {
    return this.actions.get(id) ?? null;
  }

  dismiss(id: string): void {
    this.asked.push(`dismiss ${id}`);
  }

  contentsPath(file: FilePath): ContentsPath | null | undefined {
    const path = this.path(file);
    return typeof path === 'string' ? contentsPathOf(path) : path;
  }
}
