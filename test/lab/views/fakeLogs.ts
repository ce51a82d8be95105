import { problem } from '../../../src/api/problem';
import type { LogAnswer } from '../../../src/api/routes';

/** The most that one answer holds, in bytes. */
const MOST = 1_000_000;

/** Logs as the service reads them: of ASCII, so that a character is a byte. */
export class FakeLogs {
  readonly texts = new Map<string, string>();
  /** Thrown instead of an answer. */
  failure: Error | null = null;
  /** What was asked for: name and place. */
  readonly asked: [name: string, from: number][] = [];

  log(_: string, name: string, from: number): Promise<LogAnswer> {
    this.asked.push([name, from]);
    const text = this.texts.get(name);
    if (this.failure !== null || text === undefined) {
      return Promise.reject(this.failure ?? problem('no-such-log', { log: name }));
    }
    const part = text.slice(from, from + MOST);
    return Promise.resolve({ text: part, next: from + part.length, size: text.length });
  }

  write(name: string, text: string): void {
    this.texts.set(name, (this.texts.get(name) ?? '') + text);
  }
}
