import type { NotebookPanel } from '@jupyterlab/notebook';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ISignal } from '@lumino/signaling';
import type { Translator } from '../../api/translation';
import { contentsPath } from '../model/openNotebooks';
import { jobOfResult } from '../model/jobOfResult';
import type { IJobs } from '../tokens';
import { TrustQuestion } from './TrustQuestion';
import type { ResultTrust } from './resultTrust';
import type { TrustedNotebooks } from './trustedNotebooks';
import { wantsToRun } from './wantsToRun';

/** What is asked of Lab's notebook tracker. */
interface Pages {
  readonly widgetAdded: ISignal<unknown, NotebookPanel>;
  forEach(callback: (page: NotebookPanel) => void): void;
}

export interface TrustBarsOptions {
  pages: Pages;
  jobs: Pick<IJobs, 'changed' | 'contentsPath' | 'list'>;
  trust: ResultTrust;
  notebooks: Pick<TrustedNotebooks, 'trust'>;
  trans: Translator;
}

/** Asks above each open result of another machine that wants to run scripts, however it was opened. */
export class TrustBars {
  private readonly bars = new Map<NotebookPanel, ReactWidget>();
  private readonly dismissed = new WeakSet<NotebookPanel>();

  constructor(private readonly options: TrustBarsOptions) {
    const { jobs, pages, trust } = options;
    const all = (): void => pages.forEach(page => this.update(page));
    pages.widgetAdded.connect((_, page) => this.watch(page));
    pages.forEach(page => this.watch(page));
    jobs.changed.connect(all);
    trust.changed.connect(all);
  }

  private watch(page: NotebookPanel): void {
    page.disposed.connect(() => this.bars.delete(page));
    void page.context.ready.then(() => this.update(page));
  }

  private update(page: NotebookPanel): void {
    if (page.isDisposed || !page.context.isReady) {
      return;
    }
    const host = this.hostOf(page);
    const verdict = this.options.trust.judge(host);
    const isShown =
      host !== null &&
      verdict !== 'trusted' &&
      !this.dismissed.has(page) &&
      untrusted(page).some(cell => wantsToRun(cell.outputs.toJSON()));
    this.bars.get(page)?.dispose();
    this.bars.delete(page);
    if (isShown) {
      const bar = this.barFor(page, host, verdict === 'ask');
      this.bars.set(page, bar);
      page.contentHeader.addWidget(bar);
    }
  }

  private hostOf(page: NotebookPanel): string | null {
    return jobOfResult(this.options.jobs, contentsPath(page.context))?.cluster.host ?? null;
  }

  private barFor(page: NotebookPanel, host: string, isAsked: boolean): ReactWidget {
    const { trans, trust } = this.options;
    const bar = ReactWidget.create(
      <TrustQuestion
        host={host}
        isAsked={isAsked}
        trans={trans}
        onTrust={() => void this.trust(page)}
        onTrustHost={() => void this.trust(page).then(() => trust.remember(host))}
        onDismiss={() => {
          this.dismissed.add(page);
          this.update(page);
        }}
      />
    );
    bar.addClass('jp-SubmitTrustBar');
    return bar;
  }

  /** Trusts a result as Lab's own command does, and keeps it trusted for when it is opened again. */
  private async trust(page: NotebookPanel): Promise<void> {
    untrusted(page).forEach(cell => {
      cell.trusted = true;
    });
    this.update(page);
    await this.options.notebooks.trust(contentsPath(page.context));
  }
}

/** What is asked of a code cell. */
interface CodeCell {
  trusted: boolean;
  readonly outputs: { toJSON(): unknown[] };
}

function untrusted(page: NotebookPanel): CodeCell[] {
  return [...(page.content.model?.cells ?? [])].filter(isCode).filter(cell => !cell.trusted);
}

function isCode<T extends { readonly type: string }>(cell: T): cell is T & CodeCell {
  return cell.type === 'code' && 'outputs' in cell;
}
