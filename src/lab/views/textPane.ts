import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { TextChange } from './logFollower';

/** Pixels from the end at which a person counts as looking at the end. */
const NEAR_END = 20;

/** Text to read, in lines as they are, below a few words. */
export class TextPane extends Widget {
  private readonly words = document.createElement('div');
  private readonly body = document.createElement('pre');
  /** Whether the end is kept in sight; scrolling up ends that, and scrolling to the end begins it. */
  private followsEnd: boolean;

  constructor({
    label,
    isLog = false
  }: {
    /** What it is, for those who do not see it. */
    label: string;
    /** Whether the text grows at its end. */
    isLog?: boolean;
  }) {
    super();
    this.followsEnd = isLog;
    this.addClass('jp-SubmitTextPane');
    this.words.className = 'jp-SubmitTextPane-words';
    this.words.setAttribute('role', 'status');
    this.body.className = 'jp-SubmitTextPane-text';
    this.body.tabIndex = 0;
    this.body.setAttribute('role', isLog ? 'log' : 'region');
    // A log can be long and fast: whoever wants to hear it reads it.
    this.body.setAttribute('aria-live', 'off');
    this.body.setAttribute('aria-label', label);
    this.body.addEventListener('scroll', () => this.onScroll());
    this.node.append(this.words, this.body);
    this.say('');
  }

  get text(): string {
    return this.body.textContent;
  }

  get isWrapped(): boolean {
    return this.body.classList.contains('jp-mod-wrapped');
  }

  set isWrapped(wrapped: boolean) {
    this.body.classList.toggle('jp-mod-wrapped', wrapped);
    this.showEnd();
  }

  /** Says something above the text, a line each; nothing when empty. */
  say(...lines: string[]): void {
    const said = lines.filter(line => line !== '').join('\n');
    if (this.words.textContent !== said) {
      this.words.textContent = said;
    }
    this.words.hidden = said === '';
  }

  /** Shows another text, from its beginning, or from its end for a log. */
  setText(text: string): void {
    this.body.textContent = text;
    this.showEnd();
  }

  change(change: TextChange): void {
    if ('added' in change) {
      this.body.append(change.added);
      this.showEnd();
    } else {
      this.setText(change.replaced);
    }
  }

  protected override onActivateRequest(_: Message): void {
    this.body.focus();
  }

  protected override onAfterShow(_: Message): void {
    this.showEnd();
  }

  private showEnd(): void {
    if (this.followsEnd) {
      this.body.scrollTop = this.body.scrollHeight;
    }
  }

  private onScroll(): void {
    const { clientHeight, scrollHeight, scrollTop } = this.body;
    if (this.isLog && this.isVisible) {
      this.followsEnd = scrollHeight - scrollTop - clientHeight <= NEAR_END;
    }
  }

  private get isLog(): boolean {
    return this.body.getAttribute('role') === 'log';
  }
}
