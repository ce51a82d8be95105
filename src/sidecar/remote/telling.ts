/** Milliseconds until what is told is shown by itself: most of it belongs to the question that follows. */
const ALONE_MS = 1000;

/** The most letters that are kept of it. */
const MOST_TOLD = 10_000;

/**
 * What a host tells without asking anything (RFC 4256: a round without prompts), as *a push was sent to your telephone*: it is shown
 * with the next question, and by itself meanwhile. The login goes on.
 */
export class Telling {
  private told = '';
  private timer: NodeJS.Timeout | null = null;
  private over: AbortController | null = null;

  /**
   * @param show Shows a text until the signal is aborted. Rejects with another reason where the person wants no more of the login.
   * @param failed Told of that.
   */
  constructor(
    private readonly show: (text: string, over: AbortSignal) => Promise<unknown>,
    private readonly failed: (error: unknown) => void,
    private readonly aloneMs = ALONE_MS
  ) {}

  /** The host tells something. */
  say(...words: string[]): void {
    const said = words.map(text => text.trim()).filter(text => text !== '');
    if (said.length > 0) {
      this.told = [this.told, ...said].join('\n').trim().slice(-MOST_TOLD);
      this.hide();
      this.timer = setTimeout(() => void this.showAlone(), this.aloneMs);
    }
  }

  /** What goes with a question that comes now: all that was told, and was with none yet. */
  take(): string {
    this.hide();
    const text = this.told;
    this.told = '';
    return text;
  }

  /** The login is over. */
  end(): void {
    this.take();
  }

  private async showAlone(): Promise<void> {
    const over = new AbortController();
    this.over = over;
    await this.show(this.told, over.signal).catch((error: unknown) => {
      if (!over.signal.aborted) {
        this.failed(error);
      }
    });
  }

  private hide(): void {
    clearTimeout(this.timer ?? undefined);
    this.over?.abort(new Error('something else is shown'));
    this.over = null;
  }
}

/** What was told, before what is said now. */
export function joined(told: string, said: string): string {
  return [told, said].filter(text => text !== '').join('\n');
}
