import type { Client, Presence } from '../api/client';
import type { JobEvent } from '../api/events';
import { ProblemError } from '../api/problem';
import type { Question } from '../api/question';
import { english } from '../api/translation';
import { type QuestionWords, questionWords } from '../words';
import { sayFailure } from './failure';
import { printable } from './printable';
import type { Screen } from './screen';

/** Somebody at a terminal. */
export interface Typist {
  /**
   * What is typed into one line. Rejects when `over` is aborted; null: the person wants no more of it (Ctrl-C, Ctrl-D).
   */
  type: (prompt: string, echo: boolean, over: AbortSignal) => Promise<string | null>;
}

/** Who asks, and where. */
interface Side {
  client: Client;
  /** What happens, until the signal is aborted, which ends it with an error. */
  events: (over: AbortSignal) => AsyncIterable<JobEvent>;
  screen: Screen;
  typist: Typist;
  /** Whether passphrases are to be kept until the service ends, where they may be. */
  keeps: boolean;
}

/** Does `work`, and lets the person answer what logins ask meanwhile. */
export async function whileAsking<T>(side: Side, work: (who: Presence) => Promise<T>): Promise<T> {
  // Once it is there, two requests do not start it twice.
  await side.client.ping();
  const over = new AbortController();
  const listening = listen(side, over.signal);
  try {
    return await work({ asks: true });
  } finally {
    over.abort();
    await listening;
  }
}

/** Asks each question once, one after another, as they come. */
async function listen(side: Side, over: AbortSignal): Promise<void> {
  const asked = new Map<string, AbortController>();
  let turn = Promise.resolve();
  try {
    for await (const event of side.events(over)) {
      if (event.type === 'questions') {
        const open = new Set(event.questions.map(({ id }) => id));
        asked.forEach((gone, id) => open.has(id) || gone.abort());
        for (const question of event.questions.filter(({ id }) => !asked.has(id))) {
          const gone = new AbortController();
          asked.set(question.id, gone);
          turn = turn.then(() => ask(side, question, AbortSignal.any([gone.signal, over])));
        }
      }
    }
  } catch {
    // Without the stream nothing can be asked here; the request itself says what is wrong.
  }
  await turn;
}

async function ask(side: Side, question: Question, over: AbortSignal): Promise<void> {
  const { client, keeps, screen, typist } = side;
  if (over.aborted) {
    return;
  }
  screen.hold(true);
  const words = questionWords(question, english);
  [words.title, ...words.lines].forEach(line => screen.error(printable(line)));
  try {
    const answers = await answersTo(question, words, typist, over);
    await client.answer(question.id, answers, keeps && answers !== null && question.mayKeep);
  } catch (error) {
    if (over.aborted) {
      // Answered elsewhere, or too late.
      screen.error('');
    } else if (error instanceof ProblemError) {
      sayFailure(screen, error);
    } else {
      throw error;
    }
  } finally {
    screen.hold(false);
  }
}

/** null: the person wants no more of this login. */
async function answersTo(
  { kind, prompts }: Question,
  words: QuestionWords,
  typist: Typist,
  over: AbortSignal
): Promise<string[] | null> {
  if (kind === 'touch') {
    await new Promise(resolve => over.addEventListener('abort', resolve));
  }
  if (kind === 'host-key' || kind === 'confirm') {
    for (;;) {
      const typed = await typist.type(`${words.fields[0] ?? ''} (yes/no) `, true, over);
      if (typed === 'yes') {
        return ['yes'];
      }
      if (typed === null || typed === 'no') {
        return null;
      }
    }
  }
  const answers: string[] = [];
  for (const [index, { echo }] of prompts.entries()) {
    const typed = await typist.type(printable(words.fields[index] ?? ''), echo === true, over);
    if (typed === null) {
      return null;
    }
    answers.push(typed);
  }
  return answers;
}
