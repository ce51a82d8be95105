import type { JupyterFrontEnd } from '@jupyterlab/application';
import { TabPanel, type Widget } from '@lumino/widgets';

/** Views of one kind, each in a tab of its own. */
export class ViewArea<V extends Widget> {
  private readonly open = new Map<string, V>();

  /** `area` is one that takes any number of widgets: in Lab the main one does, in Notebook 7 only the one below. */
  constructor(
    private readonly shell: JupyterFrontEnd.IShell,
    private readonly area: 'main' | 'down'
  ) {}

  /** Shows the view of `key`; made anew when it is not open. */
  show(key: string, make: () => V): V {
    const view = this.open.get(key) ?? this.add(key, make());
    this.shell.activateById(view.id);
    // Notebook 7 opens the area below, and leaves the tab to us.
    const tabs = view.parent?.parent;
    if (tabs instanceof TabPanel) {
      tabs.currentWidget = view;
    }
    return view;
  }

  private add(key: string, view: V): V {
    this.open.set(key, view);
    view.disposed.connect(() => this.open.delete(key));
    this.shell.add(view, this.area);
    return view;
  }
}
