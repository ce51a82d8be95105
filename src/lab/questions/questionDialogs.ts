import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Question } from '../../api/question';
import { problemWords } from '../../words';
import { asProblem } from '../asProblem';
import type { Page } from '../page/page';
import { showProblem } from '../showProblem';
import type { IQuestions } from '../tokens';
import { QuestionDialog } from './questionDialog';

/** Milliseconds for which it is said that an answer came too late. */
const SHORT_MS = 8000;

/** What dialogs of questions work with. */
export interface QuestionDialogsOptions {
  questions: IQuestions;
  page: Pick<Page, 'clock' | 'sight'>;
  trans: TranslationBundle;
}

/** Shows what logins ask, one question after the other, in a page that can be seen; each goes when it is over, whoever answered. */
export class QuestionDialogs {
  private shown: { id: string; dialog: QuestionDialog } | null = null;

  constructor(private readonly options: QuestionDialogsOptions) {
    options.questions.changed.connect(() => this.update());
    options.page.sight.watch(() => this.update());
    this.update();
  }

  private update(): void {
    const { page, questions } = this.options;
    const { list } = questions;
    if (this.shown !== null && !list.some(({ id }) => id === this.shown?.id)) {
      const { dialog } = this.shown;
      this.shown = null;
      dialog.withdraw();
    }
    const [next] = list;
    // One that is shown stays while the person looks for the code elsewhere.
    if (this.shown === null && next !== undefined && page.sight.isVisible()) {
      this.show(next);
    }
  }

  private show(question: Question): void {
    const { page, trans } = this.options;
    const { id } = question;
    const dialog = new QuestionDialog({
      question,
      clock: page.clock,
      trans,
      answered: (answers, keeps) => {
        this.shown = null;
        void this.answer(id, answers, keeps);
      }
    });
    this.shown = { id, dialog };
    void dialog.launch();
  }

  private async answer(id: string, answers: string[] | null, keeps: boolean): Promise<void> {
    const { questions, trans } = this.options;
    try {
      await questions.answer(id, answers, keeps);
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === 'question-over') {
        Notification.info(problemWords(problem, trans).title, { autoClose: SHORT_MS });
      } else {
        showProblem(problem, trans);
      }
    }
  }
}
