import type { ITranslator } from '@jupyterlab/translation';
import { PanelWithToolbar, ReactWidget, SidePanel } from '@jupyterlab/ui-components';
import { DisposableSet, type IDisposable } from '@lumino/disposable';
import type { Message } from '@lumino/messaging';
import { AccordionPanel, type Widget } from '@lumino/widgets';
import { SubmitForm } from '../form/view/SubmitForm';
import type { FormParts } from '../form/view/formParts';
import { JobList } from '../jobs/JobList';
import { fitForm } from './fitForm';
import { submitIcon } from '../submitIcon';

/** The side panel: the form, and the jobs below it. Asks for nothing before it is first shown, and while it is hidden. */
export class SubmitPanel extends SidePanel {
  private readonly formView: ReactWidget;
  private readonly fitting: IDisposable | null = null;
  /** What is held while the panel is in sight. */
  private watching: DisposableSet | null = null;

  constructor(
    private readonly parts: FormParts,
    translator: ITranslator
  ) {
    super({ translator });
    const { commands, jobs, trans } = parts;
    this.id = 'jupyterlab-submit-panel';
    this.addClass('jp-SubmitPanel');
    this.title.icon = submitIcon;
    this.title.caption = trans.__('Submit to cluster');
    this.formView = ReactWidget.create(<SubmitForm {...parts} />);
    const jobsView = ReactWidget.create(<JobList jobs={jobs} commands={commands} trans={trans} />);
    this.addWidget(section(trans.__('Submit to cluster'), this.formView));
    this.addWidget(section(trans.__('Jobs'), jobsView));
    if (this.accordion) {
      this.fitting = fitForm(this.accordion, this.formView.node, jobsView.node);
    }
  }

  override dispose(): void {
    this.unwatch();
    this.fitting?.dispose();
    super.dispose();
  }

  protected override onAfterAttach(msg: Message): void {
    super.onAfterAttach(msg);
    if (this.isVisible) {
      this.watch();
    }
  }

  protected override onBeforeDetach(msg: Message): void {
    this.unwatch();
    super.onBeforeDetach(msg);
  }

  protected override onAfterShow(msg: Message): void {
    super.onAfterShow(msg);
    this.watch();
  }

  protected override onAfterHide(msg: Message): void {
    this.unwatch();
    super.onAfterHide(msg);
  }

  /** Whoever asks for the panel wants to fill in the form. */
  protected override onActivateRequest(msg: Message): void {
    super.onActivateRequest(msg);
    this.accordion?.expand(0);
    void this.focusCores();
  }

  private get accordion(): AccordionPanel | null {
    return this.content instanceof AccordionPanel ? this.content : null;
  }

  private async focusCores(): Promise<void> {
    await this.formView.renderPromise;
    // After a command of the palette Lab gives the focus back to the notebook: whoever comes later has it.
    await new Promise(resolve => setTimeout(resolve));
    this.node.querySelector<HTMLInputElement>('input[name="cores"]')?.select();
    // The notebook's name stands above.
    this.formView.parent?.node.scrollTo({ top: 0 });
  }

  private watch(): void {
    if (this.watching === null) {
      const { checks, clusters, form, jobs } = this.parts;
      this.watching = DisposableSet.from([jobs.follow(), form.follow(), checks.follow()]);
      void clusters.load();
    }
  }

  private unwatch(): void {
    this.watching?.dispose();
    this.watching = null;
  }
}

function section(label: string, view: Widget): PanelWithToolbar {
  const panel = new PanelWithToolbar();
  panel.addClass('jp-SubmitPanel-section');
  panel.title.label = label;
  panel.addWidget(view);
  return panel;
}
