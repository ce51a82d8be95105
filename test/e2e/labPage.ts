import { type JSHandle, type Locator, type Page, expect } from '@playwright/test';
import { type JobState, STATES, isTerminal } from '../../src/api/job';
import type { JupyterServer } from './server';

declare global {
  interface Window {
    /** There because the server was started so: see server.ts. */
    jupyterapp: { commands: { execute(id: string, args?: object): Promise<unknown> } };
  }
}

/** A window with JupyterLab or Notebook 7, as a person uses it. */
export class LabPage {
  /** What the browser's console had to say in red. */
  readonly errors: string[] = [];
  readonly panel: Locator;
  /** The upper part of the panel. */
  readonly form: Locator;

  constructor(
    readonly page: Page,
    private readonly server: JupyterServer
  ) {
    this.panel = page.locator('.jp-SubmitPanel');
    this.form = this.panel.getByRole('form');
    page.on('console', message => {
      if (message.type() === 'error') {
        this.errors.push(`${message.text()} (${message.location().url})`);
      }
    });
    // What is rejected with something that is no Error has no stack: Lab does so when a page is busy, we never do.
    page.on('pageerror', error => {
      const text = error.stack ?? String(error);
      if (text !== '' && !isOfNotebook7(text)) {
        this.errors.push(text);
      }
    });
  }

  /** Opens JupyterLab with nothing but this notebook, ready to run cells, or without any. */
  async open(file?: string, { workspace = 'default' } = {}): Promise<void> {
    const tree = file === undefined ? '' : `/tree/${escaped(file)}`;
    await this.page.goto(this.at(`lab/workspaces/${workspace}${tree}?reset`));
    await this.page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
    await (file === undefined ? this.page.locator('.jp-Launcher') : this.notebook).waitFor();
  }

  /** Opens a notebook in Notebook 7, ready to run cells. */
  async openNotebook7(file: string): Promise<void> {
    await this.page.goto(this.at(`notebooks/${escaped(file)}`));
    await this.notebook.waitFor();
  }

  /** Opens a notebook in a tab beside the others. */
  async openTab(file: string): Promise<void> {
    await this.command('docmanager:open', { path: file });
    await expect(this.tab(file.split('/').at(-1) ?? '')).toHaveAttribute('aria-selected', 'true');
    await this.notebook.waitFor();
  }

  /** The tab with this title in the middle of JupyterLab. */
  tab(title: string | RegExp): Locator {
    return this.page.locator('#jp-main-dock-panel').getByRole('tab', { name: title });
  }

  /** The notebook in front, once its cells are drawn. */
  get notebook(): Locator {
    return this.page
      .locator('.jp-NotebookPanel:visible')
      .filter({ has: this.page.locator('.jp-Cell') });
  }

  /** Trusts the notebook in front, as the command palette lets people do. Without outputs it may be trusted already, which Lab says. */
  async trust(): Promise<void> {
    const done = this.command('notebook:trust');
    await this.page
      .getByRole('dialog')
      .getByRole('button', { name: /^(Confirm|Trust|Ok)/i })
      .click();
    await done;
  }

  /** Runs a command of the application; resolves to nothing when it is done. */
  async command(id: string, args: object = {}): Promise<void> {
    await this.page.evaluate(
      async ([name, values]) => {
        await window.jupyterapp.commands.execute(name, values);
      },
      [id, args] as const
    );
  }

  /** @param notebook What the form is to be about: it follows the tab in front, and moves its button when it does. */
  async openPanel(notebook?: string): Promise<void> {
    await this.command('jupyterlab-submit:open-panel');
    await expect(this.panel).toBeVisible();
    if (notebook !== undefined) {
      const named = this.form.locator('.jp-SubmitForm-notebook');
      await expect(named).toHaveAttribute('title', notebook);
    }
  }

  /** Fills fields of the form in, by their labels. */
  async fill(values: Record<string, string>): Promise<void> {
    for (const [label, value] of Object.entries(values)) {
      await this.panel.getByLabel(label, { exact: true }).fill(value);
    }
  }

  async submit(): Promise<void> {
    await this.panel.getByRole('button', { name: 'Submit', exact: true }).click();
  }

  /** The rows of the list with these words; the newest job is the first. */
  jobs(words: string | RegExp = ''): Locator {
    return this.panel.locator('.jp-SubmitJob').filter({ hasText: words });
  }

  /** Waits until the newest job with these words is in this state; gives its row. */
  async job(words: string | RegExp, state: JobState, seconds = 60): Promise<Locator> {
    const row = this.jobs(words).first();
    // A job that is over otherwise need not be waited for.
    const over = STATES.filter(other => other === state || isTerminal(other)).join('|');
    await expect(row).toHaveAttribute('data-state', new RegExp(over), { timeout: seconds * 1000 });
    expect(await row.getAttribute('data-state'), await row.innerText()).toBe(state);
    return row;
  }

  /** Waits until the result of a job is here, which comes after its state. */
  async resultOf(row: Locator): Promise<void> {
    await expect(row.getByRole('button', { name: 'Open result' })).toBeVisible();
  }

  /** Chooses an entry of a row's menu. */
  async choose(row: Locator, entry: string): Promise<void> {
    await row.getByRole('button', { name: /^More for/ }).click();
    await this.page.getByRole('menuitem', { name: entry, exact: true }).click();
  }

  /** Puts away the notifications that are in sight, which lie over the panel. */
  async hideNotices(): Promise<void> {
    const buttons = this.page.getByRole('button', { name: 'Hide notification' });
    // One that comes meanwhile goes, too.
    await expect(async () => {
      await buttons.evaluateAll(all =>
        all.forEach(button => button.dispatchEvent(new MouseEvent('click', { bubbles: true })))
      );
      await expect(buttons).toHaveCount(0, { timeout: 1000 });
    }).toPass();
  }

  /** How many notifications there are, shown still or gone from the page. */
  async noticeCount(): Promise<number> {
    return Number(await this.page.locator('.jp-Notification-Status').innerText());
  }

  /** Opens the list of notifications; their texts, newest first. */
  async notices(): Promise<string[]> {
    await this.command('apputils:display-notifications');
    const center = this.page.locator('.jp-Notification-Center');
    await expect(center).toBeVisible();
    return center.locator('.jp-Notification-List-Item').allInnerTexts();
  }

  /** Notes the states that the row with these words goes through from now on, each once. */
  statesOf(words: string): Promise<JSHandle<string[]>> {
    return this.page.evaluateHandle(name => {
      const seen: string[] = [];
      new MutationObserver(() => {
        const row = [...document.querySelectorAll<HTMLElement>('.jp-SubmitJob')].find(
          ({ textContent }) => textContent.includes(name)
        );
        const state = row?.dataset['state'];
        if (state !== undefined && state !== seen.at(-1)) {
          seen.push(state);
        }
      }).observe(document, { subtree: true, childList: true, attributes: true });
      return seen;
    }, words);
  }

  /** Keeps a picture of the window, or of a part, in .reports/screenshots. */
  async screenshot(name: string, part?: Locator): Promise<void> {
    await (part ?? this.page).screenshot({ path: `.reports/screenshots/${name}.png` });
  }

  private at(below: string): string {
    const url = new URL(this.server.url + below);
    url.searchParams.set('token', this.server.token);
    return url.href;
  }
}

function escaped(file: string): string {
  return file.split('/').map(encodeURIComponent).join('/');
}

/** Notebook 7.6 throws some errors of its own at every start, with and without extensions. */
function isOfNotebook7(error: string): boolean {
  return /\/static\/notebook\//.test(error) && !/jupyterlab-submit/.test(error);
}
