import type { Page } from '@playwright/test';

declare global {
  interface Window {
    /** Resolves to milliseconds. */
    reaction: Promise<number>;
  }
}

/** How soon a page shows that a click or a key counts. */
export class Reactions {
  private readonly times = new Map<string, number[]>();

  constructor(private readonly page: Page) {}

  /**
   * Takes the time from the first click or key of `act` until something that `where` selects shows these words, which
   * nothing showed before. It is taken inside the page: how long the test itself is on its way does not count.
   */
  async take(what: string, where: string, words: RegExp, act: () => Promise<void>): Promise<void> {
    await this.page.evaluate(watch, [where, words.source] as const);
    await act();
    const time = await this.page.evaluate(() => window.reaction);
    this.times.set(what, [...(this.times.get(what) ?? []), time]);
  }

  /** What took longer than so many milliseconds each time: other programs make one slow, the page makes all slow. */
  slowerThan(limit: number): string[] {
    return [...this.times]
      .filter(([, times]) => Math.min(...times) > limit)
      .map(([what, times]) => `${what}: ${times.map(Math.round).join(', ')} ms`);
  }
}

/** Runs in the page: waits for the click or key, and then for the words. */
function watch([where, pattern]: readonly [string, string]): void {
  const words = new RegExp(pattern);
  const shows = (): boolean =>
    [...document.querySelectorAll<HTMLElement>(where)].some(
      element => element.checkVisibility() && words.test(element.innerText)
    );
  if (shows()) {
    throw new Error(`${pattern} is shown before anything is done`);
  }
  window.reaction = new Promise((resolve, reject) => {
    let begun = Infinity;
    const begin = (event: Event): void => {
      begun = Math.min(begun, event.timeStamp);
    };
    addEventListener('pointerup', begin, { capture: true });
    addEventListener('keydown', begin, { capture: true });
    const observer = new MutationObserver(() => {
      if (begun < Infinity && shows()) {
        observer.disconnect();
        resolve(performance.now() - begun);
      }
    });
    observer.observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true
    });
    setTimeout(() => reject(new Error(`${pattern} was never shown`)), 10_000);
  });
}
