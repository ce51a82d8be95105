import type { Message } from '@lumino/messaging';
import { LOGS } from '../../api/routes';
import { engineLogs } from './engineLogs';
import { LogChooser } from './logChooser';
import { LogReader, type LogReading } from './logReader';
import { ReadingView } from './readingView';

/** The logs of one job, one of them at a time. */
export class LogView extends ReadingView {
  private readonly reader: LogReader;
  private readonly chooser: LogChooser;

  constructor(private readonly options: LogReading) {
    const { job, trans } = options;
    super({
      id: `jupyterlab-submit-log-${job.id}`,
      title: trans.__('%1: log', job.spec.name),
      isLog: true,
      trans
    });
    this.reader = new LogReader(this.content, options);
    this.chooser = new LogChooser(LOGS, this.reader.name, name => this.choose(name), trans);
    this.reader.switched.connect(({ name }) => this.chooser.mark(name));
    this.toolbar.insertItem(0, 'log', this.chooser);
    void this.offerEngines();
  }

  /** Shows another of the job's logs. */
  choose(name: string): void {
    this.reader.choose(name);
    void this.offerEngines();
  }

  override dispose(): void {
    this.reader.dispose();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this.look();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.look();
  }

  protected override onAfterHide(message: Message): void {
    super.onAfterHide(message);
    this.reader.rest();
  }

  protected override onBeforeDetach(message: Message): void {
    super.onBeforeDetach(message);
    this.reader.rest();
  }

  private look(): void {
    if (this.isVisible) {
      this.reader.begin();
    }
  }

  private async offerEngines(): Promise<void> {
    const names = await engineLogs(this.options.client, this.reader.job);
    if (!this.isDisposed) {
      this.chooser.offer([...LOGS, ...names]);
    }
  }
}
