import { Signal } from '@lumino/signaling';
import type { Client } from '../../api/client';
import { ProblemError } from '../../api/problem';
import type { Question } from '../../api/question';
import type { IJobs, IQuestions } from '../tokens';

/** What logins ask, as the events tell it, without what this page has answered. */
export class Questions implements IQuestions {
  readonly changed = new Signal<this, void>(this);
  /** The ids of those whose answer is on its way, or has gone. */
  private answered: ReadonlySet<string> = new Set();
  private heard: readonly Question[] = [];

  constructor(
    private readonly client: Pick<Client, 'answer'>,
    private readonly jobs: Pick<IJobs, 'changed' | 'questions'>
  ) {
    jobs.changed.connect(() => this.hear());
    this.hear();
  }

  get list(): readonly Question[] {
    return this.heard.filter(({ id }) => !this.answered.has(id));
  }

  async answer(id: string, answers: string[] | null, keeps?: boolean): Promise<void> {
    this.note(new Set([...this.answered, id]));
    try {
      await this.client.answer(id, answers, keeps);
    } catch (error) {
      if (!isOver(error)) {
        // It is still to be answered.
        this.note(new Set([...this.answered].filter(other => other !== id)));
      }
      throw error;
    }
  }

  private hear(): void {
    const { questions } = this.jobs;
    if (questions !== this.heard) {
      this.heard = questions;
      const ids = new Set(questions.map(({ id }) => id));
      this.note(new Set([...this.answered].filter(id => ids.has(id))));
    }
  }

  private note(answered: ReadonlySet<string>): void {
    this.answered = answered;
    this.changed.emit();
  }
}

function isOver(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'question-over';
}
