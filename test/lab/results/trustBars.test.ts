import type { NotebookPanel } from '@jupyterlab/notebook';
import { MessageLoop } from '@lumino/messaging';
import { Signal } from '@lumino/signaling';
import { BoxPanel, Widget } from '@lumino/widgets';
import { beforeEach, expect, it, vi } from 'vitest';
import { english } from '../../../src/api/translation';
import { ResultTrust } from '../../../src/lab/results/resultTrust';
import { TrustBars } from '../../../src/lab/results/trustBars';
import { finishedJob } from '../../api/jobRecord';
import { FakeJobs } from '../jobs/fakeJobs';

const HTML = { output_type: 'display_data', metadata: {}, data: { 'text/html': '<script>' } };
const job = finishedJob();
const remote = { ...job, cluster: { ...job.cluster, host: 'hpc' } };

/** An open notebook, as far as the bars look at it. */
class FakePage {
  readonly cells = [
    { type: 'markdown', trusted: false },
    { type: 'code', trusted: false, outputs: { toJSON: () => [HTML] } }
  ];
  readonly content = { model: { cells: this.cells } };
  readonly contentHeader = new BoxPanel();
  readonly disposed = new Signal<this, void>(this);
  readonly isDisposed = false;
  readonly context = {
    path: 'work/analysis.k3v9x2ab.ipynb',
    isReady: true,
    ready: Promise.resolve()
  };

  constructor() {
    Widget.attach(this.contentHeader, document.body);
  }

  /** What the bar says; empty where there is none. */
  async words(): Promise<string> {
    await settled();
    return this.contentHeader.node.textContent ?? '';
  }

  async press(label: string): Promise<void> {
    await settled();
    const buttons = [...this.contentHeader.node.querySelectorAll('button')];
    const button = buttons.find(({ textContent }) => textContent === label);
    if (!button) {
      throw new Error(`there is no button ${label}`);
    }
    button.click();
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) {
    MessageLoop.flush();
    await new Promise(resolve => setTimeout(resolve, 0));
  }
}

let page: FakePage;
let jobs: FakeJobs;
let trust: ResultTrust;
const trusted = vi.fn<(path: string) => Promise<void>>();
beforeEach(() => {
  trusted.mockReset().mockResolvedValue();
  page = new FakePage();
  jobs = new FakeJobs([remote]);
  trust = new ResultTrust(null);
});

function open(): void {
  const widgetAdded = new Signal<unknown, NotebookPanel>({});
  new TrustBars({
    pages: { widgetAdded, forEach: callback => callback(page as unknown as NotebookPanel) },
    jobs,
    trust,
    notebooks: { trust: trusted },
    trans: english
  });
}

it('asks above a result of another machine that wants to run, and trusts it alone', async () => {
  open();
  expect(await page.words()).toMatch(/^From hpc: .* They show when you trust it\./);
  await page.press('Trust this result');
  expect(page.cells[1]?.trusted).toBe(true);
  expect(trusted.mock.calls).toEqual([['work/analysis.k3v9x2ab.ipynb']]);
  expect(await page.words()).toBe('');
  expect(trust.judge('hpc')).toBe('ask');
});

it('trusts all results of a host from then on', async () => {
  const hosts: string[][] = [];
  const changed = new Signal<object, void>({});
  const write = (those: string[]): Promise<void> => {
    hosts.push(those);
    return Promise.resolve();
  };
  trust.use({ changed, read: () => ({ trustedHosts: hosts.at(-1) ?? [] }), write });
  open();
  await page.press('Trust results of hpc');
  expect(page.cells[1]?.trusted).toBe(true);
  expect(hosts).toEqual([['hpc']]);
  expect(trust.judge('hpc')).toBe('trusted');
});

it('asks no more above a result of which the person said not now', async () => {
  open();
  await page.press('Not now');
  jobs.tell();
  expect(await page.words()).toBe('');
  expect(page.cells[1]?.trusted).toBe(false);
  expect(trusted).not.toHaveBeenCalled();
});

it('only says so where the settings forbid it', async () => {
  trust = new ResultTrust('never');
  open();
  expect(await page.words()).toMatch(/which the settings do not allow\.Close$/);
});

it('says nothing above results of this machine, other notebooks, and what shows as it is', async () => {
  jobs = new FakeJobs([job]);
  open();
  expect(await page.words()).toBe('');
  jobs.tell({ list: [remote] });
  expect(await page.words()).not.toBe('');
  jobs.tell({ list: [] });
  expect(await page.words()).toBe('');
  page.cells.splice(1, 1, {
    type: 'code',
    trusted: false,
    outputs: { toJSON: () => [{ ...HTML, data: { 'text/html': '<b>1</b>' } } as typeof HTML] }
  });
  jobs.tell({ list: [remote] });
  expect(await page.words()).toBe('');
});
