import type { Title, Widget } from '@lumino/widgets';
import type { ISignal } from '@lumino/signaling';
import type { JobRecord } from '../../api/job';
import type { Translator } from '../../api/translation';
import { contentsPath } from '../model/openNotebooks';
import type { IJobs } from '../tokens';
import { endWords, jobOfResult } from '../model/jobOfResult';

/** What is asked of an open notebook. */
interface Page {
  readonly title: Title<Widget>;
  readonly context: { readonly path: string };
}

/** What is asked of Lab's notebook tracker. */
interface Pages {
  readonly widgetAdded: ISignal<unknown, Page>;
  forEach(callback: (page: Page) => void): void;
}

/** Says in the caption of each result's tab which job it is of: results of one notebook have names that begin alike. */
export class ResultCaptions {
  /** What was put behind Lab's own words, which change with each save. */
  private readonly added = new WeakMap<Page, string>();

  constructor(
    pages: Pages,
    private readonly jobs: Pick<IJobs, 'changed' | 'contentsPath' | 'list'>,
    private readonly trans: Translator
  ) {
    pages.widgetAdded.connect((_, page) => this.watch(page));
    pages.forEach(page => this.watch(page));
    jobs.changed.connect(() => pages.forEach(page => this.write(page)));
  }

  private watch(page: Page): void {
    page.title.changed.connect(() => this.write(page));
    this.write(page);
  }

  private write(page: Page): void {
    const job = jobOfResult(this.jobs, contentsPath(page.context));
    const words = job === null ? '' : `\n${captionOf(job, this.trans)}`;
    const { title } = page;
    const labs = without(title.caption, this.added.get(page) ?? '');
    this.added.set(page, words);
    title.caption = labs + words;
  }
}

function captionOf(job: JobRecord, trans: Translator): string {
  return [
    trans.__('Job: %1 (%2)', job.spec.name, job.id),
    trans.__('Cluster: %1', job.cluster.title),
    trans.__('Ended: %1', endWords(job, trans))
  ].join('\n');
}

function without(text: string, end: string): string {
  return end !== '' && text.endsWith(end) ? text.slice(0, -end.length) : text;
}
