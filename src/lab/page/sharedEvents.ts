import type { JobEvent } from '../../api/events';
import { CloseViews } from './closeViews';
import { type Listener, type Source, listen } from './listen';
import type { Channel, Page, PageMessage } from './page';
import { takeTurn } from './turns';

/** What the pages of one browser need to share one stream of events. */
export interface SharedEventsOptions extends Listener {
  page: Page;
  /** Names the stream among all that the browser has: one for each Jupyter server. */
  name: string;
  /** All jobs, and then every change. */
  stream: (view: string | undefined, signal: AbortSignal) => AsyncIterable<JobEvent>;
  /** The same once, with the jobs as the last of it. */
  list: Source;
  /** All jobs again and again, for browsers in which pages cannot agree on who has the stream. */
  poll: Source;
}

/**
 * One stream of events for all pages of a browser, because a browser opens few connections to a server and Notebook 7
 * has a page for each document. The page that holds a lock has the stream and passes on what it hears; when it leaves,
 * another takes the lock. A page that finds the lock taken asks for the list once, and is told the rest; one that takes no
 * part is told what logins ask.
 */
export class SharedEvents {
  private readonly id: string;
  private readonly channel: Channel;
  private readonly views = new CloseViews();
  /** Ends our taking part; null while we do not. */
  private taking: AbortController | null = null;
  /** Ends what is read at present. */
  private reading = new AbortController();
  private isHolder = false;
  /** Whether another page has told what logins ask since the list was asked for, which may be older. */
  private knowsQuestions = false;
  private over: Promise<void> = Promise.resolve();

  constructor(private readonly options: SharedEventsOptions) {
    const { name, page } = options;
    this.id = `${page.clock.now()}-${page.random()}`;
    this.channel = page.openChannel(name, message => this.receive(message));
  }

  /** Takes part, until `stop`. */
  start(): void {
    if (this.taking !== null) {
      return;
    }
    const { signal } = (this.taking = new AbortController());
    // Whoever takes part a second time has let the lock go before.
    this.over = this.over.then(() => this.takePart(signal));
  }

  stop(): void {
    this.taking?.abort();
    this.taking = null;
  }

  /** Says which job this page shows closely; null: none. */
  look(view: string | null): void {
    if (view !== this.views.of(this.id)) {
      this.see(this.id, view);
      this.channel.post({ type: 'view', page: this.id, view });
    }
  }

  dispose(): void {
    this.stop();
    this.look(null);
    this.channel.close();
  }

  private async takePart(signal: AbortSignal): Promise<void> {
    const { name, page, poll } = this.options;
    const turn = { hold: () => this.hold(signal), wait: (over: AbortSignal) => this.catchUp(over) };
    try {
      if (page.locks !== null) {
        await takeTurn(turn, { locks: page.locks, name }, signal);
        return;
      }
    } catch {
      // A browser has locks and may refuse them all the same, as to a page in a sandboxed frame.
    }
    await this.read(poll, this.options, signal);
  }

  /** Has the stream until `signal` is aborted, and another one whenever another job is shown closely. */
  private async hold(signal: AbortSignal): Promise<void> {
    const { stream } = this.options;
    this.isHolder = true;
    this.channel.post({ type: 'views-wanted' });
    while (!signal.aborted) {
      const view = this.views.current;
      await this.read(reading => stream(view, reading), this.aloud(), signal);
    }
    this.isHolder = false;
  }

  /** Hears for this page and for the others. */
  private aloud(): Listener {
    const { failed, heard } = this.options;
    return {
      heard: event => {
        heard(event);
        this.channel.post({ type: 'heard', event });
      },
      failed: problem => {
        failed(problem);
        this.channel.post({ type: 'failed', problem });
      }
    };
  }

  /** Gets the list, unless another page tells it first. */
  private catchUp(signal: AbortSignal): Promise<void> {
    const { failed, heard, list } = this.options;
    this.knowsQuestions = false;
    const once = {
      failed,
      heard: (event: JobEvent) => {
        if (event.type !== 'questions' || !this.knowsQuestions) {
          heard(event);
        }
        if (event.type === 'jobs') {
          this.reading.abort();
        }
      }
    };
    return this.read(list, once, signal);
  }

  private async read(open: Source, listener: Listener, signal: AbortSignal): Promise<void> {
    const reading = (this.reading = new AbortController());
    const leave = (): void => reading.abort();
    signal.addEventListener('abort', leave);
    if (!signal.aborted) {
      await listen({ open, ...listener }, this.options.page, reading.signal);
    }
    signal.removeEventListener('abort', leave);
  }

  private receive(message: PageMessage): void {
    switch (message.type) {
      case 'view':
        this.see(message.page, message.view);
        return;
      case 'views-wanted':
        this.channel.post({ type: 'view', page: this.id, view: this.views.of(this.id) });
        return;
      case 'heard':
      case 'failed':
        // A page that follows nothing may be the one that the person sees when a login asks.
        if (!this.isHolder && (this.taking !== null || isQuestions(message))) {
          this.pass(message);
        }
        return;
      default:
        message satisfies never;
    }
  }

  private pass(message: Extract<PageMessage, { type: 'heard' | 'failed' }>): void {
    if (message.type === 'failed') {
      this.options.failed(message.problem);
      return;
    }
    this.options.heard(message.event);
    this.knowsQuestions ||= message.event.type === 'questions';
    if (message.event.type === 'jobs') {
      // That is the list, and newer than one that is still asked for.
      this.reading.abort();
    }
  }

  private see(page: string, view: string | null): void {
    const before = this.views.current;
    this.views.set(page, view);
    if (this.isHolder && this.views.current !== before) {
      this.reading.abort();
    }
  }
}

function isQuestions(message: PageMessage): boolean {
  return message.type === 'heard' && message.event.type === 'questions';
}
