import { PageConfig, URLExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { INotebookTracker } from '@jupyterlab/notebook';

/** Where executed notebooks are shown: none gets a kernel by being opened. */
export interface ResultPages {
  /** Shows the notebook at this path of Jupyter's contents, when it is open; tells whether it is. */
  reveal(path: string): boolean;
  open(path: string): void;
}

/** The factory of Lab's own notebook editor. */
const FACTORY = 'Notebook';

/** A result is looked at; whoever wants to run it chooses a kernel. */
const NO_KERNEL = { shouldStart: false, canStart: true };

/** What the address of a page of Notebook 7 says when its notebook is a result. */
const RESULT = 'kernel=none';

/** Results in JupyterLab, each in a tab of its own. */
export class LabResultPages implements ResultPages {
  constructor(private readonly documents: Pick<IDocumentManager, 'findWidget' | 'openOrReveal'>) {}

  reveal(path: string): boolean {
    const isOpen = this.documents.findWidget(path, FACTORY) !== undefined;
    if (isOpen) {
      this.documents.openOrReveal(path, FACTORY);
    }
    return isOpen;
  }

  open(path: string): void {
    this.documents.openOrReveal(path, FACTORY, undefined, {}, NO_KERNEL);
  }
}

/** Results in Notebook 7, each in a window of the browser. */
export class Notebook7ResultPages implements ResultPages {
  private readonly windows = new Map<string, Pick<Window, 'closed' | 'focus'>>();

  constructor(
    private readonly openWindow: (url: string) => Pick<Window, 'closed' | 'focus'> | null
  ) {}

  reveal(path: string): boolean {
    const open = this.windows.get(path);
    if (open === undefined || open.closed) {
      return false;
    }
    open.focus();
    return true;
  }

  open(path: string): void {
    const url = URLExt.join(PageConfig.getBaseUrl(), 'notebooks', URLExt.encodeParts(path));
    const opened = this.openWindow(`${url}?${RESULT}`);
    if (opened !== null) {
      this.windows.set(path, opened);
    }
  }
}

/** In a page of Notebook 7 that was opened for a result: keeps its notebook from starting a kernel. */
export function startNoKernel(notebooks: INotebookTracker, query: string): void {
  if (query.slice(1).split('&').includes(RESULT)) {
    notebooks.widgetAdded.connect((_, { sessionContext }) => {
      sessionContext.kernelPreference = { ...sessionContext.kernelPreference, ...NO_KERNEL };
    });
  }
}
