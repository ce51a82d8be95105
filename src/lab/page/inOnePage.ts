import type { Page } from './page';

/** Milliseconds that a page keeps others from telling the same: longer than they take to hear of it. */
const TURN_MS = 10_000;

/**
 * Tells something in one page of the browser, of all that want to tell the same at about the same moment: whoever gets the
 * lock `name` does. Pages see things together, and what one of them writes to their storage reaches the others late.
 */
export async function inOnePage(
  { clock, locks }: Pick<Page, 'clock' | 'locks'>,
  name: string,
  tell: () => void
): Promise<void> {
  if (locks === null) {
    tell();
    return;
  }
  await locks.request(name, { ifAvailable: true }, async lock => {
    if (lock !== null) {
      tell();
      await new Promise<void>(over => clock.after(TURN_MS, over));
    }
  });
}
