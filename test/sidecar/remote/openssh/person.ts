import { problem } from '../../../../src/api/problem';
import type { Round } from '../../../../src/api/question';
import type { Asker } from '../../../../src/sidecar/remote/asker';

/** Somebody who answers what a login asks, one answer after another; whoever has none left cancels. */
export class Person implements Asker {
  /** What was asked. */
  readonly rounds: Round[] = [];
  /** How many questions were taken back. */
  withdrawn = 0;
  /** Whether this person wants passphrases kept. */
  keeps = false;
  private readonly answers: (string[] | 'cancel' | 'wait')[];

  /** @param answers `cancel`: wants no more of this login; `wait`: says nothing, until the question is taken back. */
  constructor(...answers: (string[] | 'cancel' | 'wait')[]) {
    this.answers = answers;
  }

  ask(round: Round, over: AbortSignal, kept?: () => void): Promise<readonly string[]> {
    this.rounds.push(round);
    const answer = this.answers.shift() ?? 'cancel';
    return new Promise((resolve, reject) => {
      if (answer === 'cancel') {
        reject(problem('sign-in-cancelled', { host: round.asker }));
      } else if (answer === 'wait') {
        over.addEventListener('abort', () => {
          this.withdrawn += 1;
          reject(over.reason as Error);
        });
      } else {
        if (this.keeps) {
          kept?.();
        }
        resolve(answer);
      }
    });
  }
}
