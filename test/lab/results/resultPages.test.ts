import { PageConfig } from '@jupyterlab/coreutils';
import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import {
  LabResultPages,
  Notebook7ResultPages,
  startNoKernel
} from '../../../src/lab/results/resultPages';

const PATH = 'my work/analysis.k3v9x2ab.ipynb';

describe('results in JupyterLab', () => {
  function pages(isOpen: boolean): { pages: LabResultPages; opened: unknown[][] } {
    const opened: unknown[][] = [];
    const documents = {
      findWidget: () => (isOpen ? ({} as never) : undefined),
      openOrReveal: (...args: unknown[]) => {
        opened.push(args);
        return undefined;
      }
    };
    return { pages: new LabResultPages(documents), opened };
  }

  it('open without a kernel: the fifth argument says so, a kernel would be the third', () => {
    const { opened, pages: lab } = pages(false);
    expect(lab.reveal(PATH)).toBe(false);
    lab.open(PATH);
    expect(opened).toEqual([
      [PATH, 'Notebook', undefined, {}, { shouldStart: false, canStart: true }]
    ]);
  });

  it('are shown where they are open, with the kernel that they have', () => {
    const { opened, pages: lab } = pages(true);
    expect(lab.reveal(PATH)).toBe(true);
    expect(opened).toEqual([[PATH, 'Notebook']]);
  });
});

describe('results in Notebook 7', () => {
  it('open in a window each, which is found again while it is there', () => {
    PageConfig.setOption('baseUrl', '/user/ada/');
    const windows: { url: string; closed: boolean; focused: number; focus(): void }[] = [];
    const pages = new Notebook7ResultPages(url => {
      const opened = {
        url,
        closed: false,
        focused: 0,
        focus() {
          this.focused += 1;
        }
      };
      windows.push(opened);
      return opened;
    });
    expect(pages.reveal(PATH)).toBe(false);
    pages.open(PATH);
    expect(pages.reveal(PATH)).toBe(true);
    expect(windows).toMatchObject([
      {
        url: `${location.origin}/user/ada/notebooks/my%20work/analysis.k3v9x2ab.ipynb?kernel=none`,
        focused: 1
      }
    ]);
    windows.forEach(opened => (opened.closed = true));
    expect(pages.reveal(PATH)).toBe(false);
  });

  it('are not taken for open when the browser allowed no window', () => {
    const pages = new Notebook7ResultPages(() => null);
    pages.open(PATH);
    expect(pages.reveal(PATH)).toBe(false);
  });

  it.each([
    ['?kernel=none', false],
    ['?token=a&kernel=none', false],
    ['', true],
    ['?kernel=python3', true]
  ])('start a kernel or not, as the address of their page says: %j', (query, starts) => {
    const panel = {
      sessionContext: { kernelPreference: { shouldStart: true, language: 'python' } }
    };
    const tracker = { widgetAdded: new Signal<object, typeof panel>({}) };
    startNoKernel(tracker as never, query);
    tracker.widgetAdded.emit(panel);
    expect(panel.sessionContext.kernelPreference).toMatchObject({
      shouldStart: starts,
      language: 'python'
    });
  });
});
