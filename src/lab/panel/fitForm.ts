import { type IDisposable, DisposableDelegate } from '@lumino/disposable';
import type { AccordionPanel } from '@lumino/widgets';

/** The share of the height that the form may take though the jobs need it, too; what does not fit scrolls. */
const FAIR_SHARE = 0.65;

/**
 * Gives the form the height that it needs and the jobs the rest, as long as the person has not moved the line between
 * them; until the returned object is disposed.
 */
export function fitForm(
  accordion: AccordionPanel,
  form: HTMLElement,
  jobs: HTMLElement
): IDisposable {
  const observer = new ResizeObserver(() => fit(accordion, form, jobs));
  const stop = (): void => observer.disconnect();
  observer.observe(form);
  observer.observe(jobs);
  observer.observe(accordion.node);
  accordion.handleMoved.connect(stop);
  return new DisposableDelegate(() => {
    stop();
    accordion.handleMoved.disconnect(stop);
  });
}

function fit(accordion: AccordionPanel, form: HTMLElement, jobs: HTMLElement): void {
  const sections = accordion.widgets.map(({ node }) => node.offsetHeight);
  const all = sections.reduce((sum, height) => sum + height, 0);
  // A section that is closed has no height.
  if (sections.includes(0) || form.offsetHeight === 0) {
    return;
  }
  const wanted = formHeight(all, form.offsetHeight, jobs.offsetHeight);
  if (Math.abs((sections[0] ?? 0) - wanted) > 1) {
    accordion.setRelativeSizes([wanted, all - wanted]);
  }
}

/** How high the form is, of a height that it shares with the jobs: what they do not need is its own. */
export function formHeight(all: number, form: number, jobs: number): number {
  return Math.min(form, Math.max(all * FAIR_SHARE, all - jobs));
}
