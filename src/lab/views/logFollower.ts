import { type ISignal, Signal } from '@lumino/signaling';
import type { Client } from '../../api/client';
import type { LogAnswer } from '../../api/routes';
import { plainText } from './plainText';

/** The most of a log that is shown, in bytes. Of a longer one, the last half of this is. */
const MOST_BYTES = 4_000_000;

/** The logs that are made of several files, so that what is new can stand anywhere in them. */
const WOVEN = ['engines'];

/** How a log's text has changed: something came after it, or it is another one. */
export type TextChange = { added: string } | { replaced: string };

/** The text of one log, which grows. */
export class LogFollower {
  /** What is shown. */
  text = '';
  /** Bytes at the beginning of the log that are not shown. */
  skippedBytes = 0;
  /** Bytes of the log that have been read, or skipped. */
  private next = 0;
  private size = -1;
  /** The beginning of something that cannot be shown before the rest of it is there. */
  private begun = '';
  private readonly textChanged = new Signal<this, TextChange>(this);

  constructor(
    private readonly client: Pick<Client, 'log'>,
    private readonly id: string,
    readonly name: string
  ) {}

  get changed(): ISignal<this, TextChange> {
    return this.textChanged;
  }

  /** Whether the log has been found. */
  get isThere(): boolean {
    return this.size >= 0;
  }

  /** Reads what is new, all of it. Rejects with a `ProblemError`; `no-such-log` before there is one. */
  async look(): Promise<void> {
    const answer = await this.read(this.next);
    if (answer.size === this.size) {
      return;
    }
    const isAnother = answer.size < this.size || (this.size >= 0 && WOVEN.includes(this.name));
    const isLong = answer.size - this.next > MOST_BYTES || this.text.length > MOST_BYTES;
    if (isAnother || isLong) {
      await this.readAnew(answer.size);
    } else {
      this.add(await this.readOn(answer));
    }
  }

  /** Puts the log, or the end of a long one, in the place of what is shown. */
  private async readAnew(size: number): Promise<void> {
    const from = size > MOST_BYTES ? size - MOST_BYTES / 2 : 0;
    const printed = await this.readOn(await this.read(from));
    // The first line is likely to be cut.
    const { rest, text } = plainText(from === 0 ? printed : printed.replace(/^[^\n]*\n/, ''));
    this.skippedBytes = from;
    this.begun = rest;
    this.text = text;
    this.textChanged.emit({ replaced: text });
  }

  private add(printed: string): void {
    const { rest, text } = plainText(this.begun + printed);
    this.begun = rest;
    this.text += text;
    if (text !== '') {
      this.textChanged.emit({ added: text });
    }
  }

  /** What an answer has, and all that comes after it. */
  private async readOn(first: LogAnswer): Promise<string> {
    let answer = first;
    let printed = answer.text;
    while (answer.next < answer.size && answer.text !== '') {
      answer = await this.read(answer.next);
      printed += answer.text;
    }
    this.next = answer.next;
    this.size = answer.size;
    return printed;
  }

  private read(from: number): Promise<LogAnswer> {
    return this.client.log(this.id, this.name, from);
  }
}
