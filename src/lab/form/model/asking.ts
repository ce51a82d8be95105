import type { Client } from '../../../api/client';
import type { FieldProblem } from '../../../api/field';
import type { PageForm } from '../../../api/jobSpec';
import type { Problem } from '../../../api/problem';
import type { CheckAnswer } from '../../../api/routes';
import { asProblem } from '../../asProblem';

/** How long a form has to stay as it is before it is asked about by itself, in milliseconds. */
const SETTLED_MS = 400;

/** Asks what a form would do. Only the answer to the newest question counts. */
export class Asking {
  answer: CheckAnswer | null = null;
  /** The fields that the service finds wrong. */
  fields: readonly FieldProblem[] = [];
  problem: Problem | null = null;
  isAsking = false;
  /** The form of the newest question, as text, and the one that is to settle. */
  private asked: string | null = null;
  private settling: string | null = null;
  private newest: Promise<void> = Promise.resolve();
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor(
    private readonly client: Pick<Client, 'check'>,
    private readonly onChanged: () => void
  ) {}

  /** Asks once the form has settled, unless just this has been asked. */
  askSoon(form: PageForm): void {
    const text = JSON.stringify(form);
    if (text === this.settling) {
      return;
    }
    this.pause();
    if (text !== this.asked) {
      this.settling = text;
      this.timer = setTimeout(() => void this.ask(form, { insists: false }), SETTLED_MS);
    }
  }

  /** Asks nothing by itself for now. */
  pause(): void {
    this.settling = null;
    if (this.timer !== null) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  /** Asks now, as a person wants it, who answers what a login asks, unless told. Resolves when the newest question is answered, which may be a later one; never rejects. */
  ask(form: PageForm, { insists = true } = {}): Promise<void> {
    this.pause();
    this.asked = JSON.stringify(form);
    this.isAsking = true;
    this.turn += 1;
    this.newest = this.hear(form, insists, this.turn);
    this.onChanged();
    return this.newest;
  }

  /** The files may have changed: what was asked may be asked again. */
  outdate(): void {
    this.asked = null;
  }

  /** What is wrong with a field is not known any more. */
  forget(field: string): void {
    this.fields = this.fields.filter(wrong => wrong.field.split('.')[0] !== field);
  }

  /** What came in the way of another cluster says nothing of this one. */
  forgetProblem(): void {
    this.problem = null;
  }

  /** Nothing is asked or known any more. */
  reset(): void {
    this.pause();
    this.asked = null;
    this.turn += 1;
    this.newest = Promise.resolve();
    this.learn({});
  }

  private async hear(form: PageForm, insists: boolean, turn: number): Promise<void> {
    const heard = await this.client.check(form, { insists, asks: insists }).then(
      (answer): Heard => ({ answer }),
      (error: unknown): Heard => wrong(asProblem(error))
    );
    if (turn !== this.turn) {
      return this.newest;
    }
    this.learn(heard);
    this.onChanged();
  }

  private learn({ answer, fields, problem }: Heard): void {
    this.answer = answer ?? null;
    this.fields = fields ?? [];
    this.problem = problem ?? null;
    this.isAsking = false;
  }
}

interface Heard {
  answer?: CheckAnswer;
  fields?: readonly FieldProblem[];
  problem?: Problem;
}

/** Wrong fields are said beside each. */
function wrong(problem: Problem): Heard {
  return problem.code === 'invalid-fields' && problem.fields && problem.fields.length > 0
    ? { fields: problem.fields }
    : { problem };
}
