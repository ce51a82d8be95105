import { Dialog } from '@jupyterlab/apputils';
import type { Message } from '@lumino/messaging';
import type { Question } from '../../api/question';
import type { Translator } from '../../api/translation';
import type { Clock } from '../page/page';
import { QuestionView } from './QuestionView';
import { dialogWords } from './dialogWords';

export interface QuestionDialogOptions {
  question: Question;
  clock: Clock;
  trans: Translator;
  /**
   * Called once with what the person has answered, null: no more of this login, and whether a passphrase is to be kept. Nothing of it
   * is kept here.
   */
  answered: (answers: string[] | null, keeps: boolean) => void;
}

/** The places of the buttons; there may be no second one. */
const CANCEL = 0;
const ACCEPT = 1;

/** Whoever was typing when a question came up goes on for a moment; milliseconds without a key that end it. */
const PAUSE_MS = 700;

/** Asks one question. The first field has the focus, Enter answers, Escape cancels, and a click beside it does nothing. */
export class QuestionDialog extends Dialog<unknown> {
  private readonly usual: number;
  private isOver = false;
  /** When a key was pressed that was meant for something else; null once none comes any more. */
  private strayAt: number | null = null;

  constructor(private readonly options: QuestionDialogOptions) {
    const { clock, question, trans } = options;
    const { accept, cancel, title } = dialogWords(question, trans);
    const wordsId = `jp-SubmitQuestion-${question.id}`;
    // Whoever was typing elsewhere when it came up has agreed to nothing.
    const usual = accept === null || isAgreement(question) ? CANCEL : ACCEPT;
    super({
      title,
      body: <QuestionView question={question} wordsId={wordsId} clock={clock} trans={trans} />,
      buttons: [
        Dialog.cancelButton({ label: cancel }),
        ...(accept === null ? [] : [Dialog.okButton({ label: accept })])
      ],
      defaultButton: usual,
      focusNodeSelector: 'input[name="answer"]',
      hasClose: false
    });
    this.usual = usual;
    this.addClass('jp-SubmitQuestionDialog');
    this.node.setAttribute('aria-label', title);
    this.node.setAttribute('aria-describedby', wordsId);
  }

  /** Takes it away, as somebody else has answered, or nobody waits for the answer any more. */
  withdraw(): void {
    this.isOver = true;
    this.clear();
    // Dialogs of Lab that wait behind one that is disposed would never show.
    super.reject();
  }

  override resolve(index: number = this.usual): void {
    if (index === ACCEPT) {
      this.end(
        isAgreement(this.options.question) ? ['yes'] : this.fields.map(field => field.value)
      );
      super.resolve(index);
    } else {
      this.reject();
    }
  }

  override reject(): void {
    this.end(null);
    super.reject();
  }

  override handleEvent(event: Event): void {
    const isKey = event instanceof KeyboardEvent && event.type === 'keydown';
    if (isKey && (this.isStray() || event.key === 'Escape')) {
      event.stopPropagation();
      event.preventDefault();
      if (this.strayAt === null) {
        this.reject();
      }
    } else {
      super.handleEvent(event);
    }
  }

  protected override onAfterAttach(msg: Message): void {
    const typing = document.activeElement?.closest('input, textarea, [contenteditable]');
    this.strayAt = typing ? this.options.clock.now() : null;
    super.onAfterAttach(msg);
  }

  /** Whether a key that is pressed now belongs to what somebody was typing elsewhere: half a line is no password. */
  private isStray(): boolean {
    const now = this.options.clock.now();
    this.strayAt = this.strayAt !== null && now - this.strayAt < PAUSE_MS ? now : null;
    return this.strayAt !== null;
  }

  private end(answers: string[] | null): void {
    const { checked = false } =
      this.node.querySelector<HTMLInputElement>('input[name="keep"]') ?? {};
    this.clear();
    if (!this.isOver) {
      this.isOver = true;
      this.options.answered(answers, checked && answers !== null);
    }
  }

  /** Nothing that was typed outlives the question. */
  private clear(): void {
    this.fields.forEach(field => (field.value = ''));
  }

  private get fields(): HTMLInputElement[] {
    return [...this.node.querySelectorAll<HTMLInputElement>('input[name="answer"]')];
  }
}

/** Whether the answer is yes or no. */
function isAgreement({ kind }: Question): boolean {
  return kind === 'host-key' || kind === 'confirm';
}
