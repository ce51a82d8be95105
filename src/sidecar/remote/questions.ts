import { randomUUID } from 'node:crypto';
import { problem } from '../../api/problem';
import type { Question, Round } from '../../api/question';
import type { Asker } from './asker';

/** A question, and who waits for its answer. */
interface Waiting {
  question: Question;
  answered: (answers: readonly string[], keeps: boolean) => void;
  failed: (why: Error) => void;
}

/**
 * The questions of logins that are under way: each is shown in every window and terminal, answered once, and gone everywhere
 * then. An answer goes to the login, and is kept nowhere.
 */
export class Questions {
  private readonly waiting = new Map<string, Waiting>();
  private readonly listeners = new Set<() => void>();

  /** Those that wait for an answer, the oldest first. */
  list(): Question[] {
    return [...this.waiting.values()].map(({ question }) => question);
  }

  /** Calls back after each change of the list, until the returned function is called. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Whoever answers for a host. */
  askerFor(host: string): Asker {
    return { ask: (round, over, kept) => this.ask(host, round, over, kept) };
  }

  /**
   * Answers a question.
   *
   * @param answers null: the person wants no more of this login.
   * @param keeps Whether a passphrase is to be kept.
   * @throws ProblemError `question-over`; `invalid-request` where there is not one for each prompt.
   */
  answer(id: string, answers: readonly string[] | null, keeps = false): void {
    const waiting = this.waiting.get(id);
    if (waiting === undefined) {
      throw problem('question-over', {});
    }
    const { answered, failed, question } = waiting;
    if (answers === null) {
      failed(problem('sign-in-cancelled', { host: question.host }));
    } else if (isComplete(question, answers)) {
      answered(answers, keeps && question.mayKeep);
    } else {
      throw problem('invalid-request', {});
    }
  }

  private ask(
    host: string,
    round: Round,
    over: AbortSignal,
    kept?: () => void
  ): Promise<readonly string[]> {
    const question = { ...round, id: randomUUID(), host };
    return new Promise<readonly string[]>((resolve, reject) => {
      const wait = Math.max(0, round.expires - Date.now());
      const timer = setTimeout(() => end(() => reject(problem('sign-in-expired', { host }))), wait);
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        over.removeEventListener('abort', leave);
        this.waiting.delete(question.id);
        settle();
        this.tell();
      };
      const leave = (): void => end(() => reject(over.reason as Error));
      if (over.aborted) {
        clearTimeout(timer);
        reject(over.reason as Error);
        return;
      }
      over.addEventListener('abort', leave);
      this.waiting.set(question.id, {
        question,
        answered: (answers, keeps) =>
          end(() => {
            if (keeps) {
              kept?.();
            }
            resolve(answers);
          }),
        failed: why => end(() => reject(why))
      });
      this.tell();
    });
  }

  private tell(): void {
    this.listeners.forEach(listener => listener());
  }
}

function isComplete({ kind, prompts }: Question, answers: readonly string[]): boolean {
  return kind === 'host-key' || kind === 'confirm'
    ? answers.length === 1 && answers[0] === 'yes'
    : answers.length === prompts.length;
}
