import { existsSync, readdirSync } from 'node:fs';
import { type Page, expect, test } from '@playwright/test';
import * as v from 'valibot';
import { HeldNotebook } from './heldNotebook';
import { LabPage } from './labPage';
import type { JupyterServer } from './server';
import { sharedServer } from './sharedServer';

const server = sharedServer();

/** What the sidecar says of itself. */
const Pong = v.object({ pid: v.number() });

for (const [how, end] of [
  ['stopped', (of: JupyterServer) => of.stop()],
  ['killed', (of: JupyterServer) => of.kill()]
] as const) {
  test(`a job outlives a server that is ${how}, and the panel goes on when it is back`, async ({
    page
  }) => {
    const name = `while-${how}`;
    const held = new HeldNotebook(server().place, `${name}.ipynb`);
    const lab = new LabPage(page, server());
    await dismissLabsOwnWords(page);
    await lab.open(`${name}.ipynb`);
    await lab.openPanel();
    await lab.submit();
    await lab.job(name, 'running');

    await end(server());
    await expect(lab.panel.getByText('The Jupyter server does not answer.')).toBeVisible();
    await expect(lab.panel).toContainText('Jobs go on, and are found again.');
    await expect(lab.panel).toContainText('Last known:');
    await expect(lab.jobs(name)).toHaveAttribute('data-state', 'running');
    await held.goesOn();
    await lab.panel.getByRole('button', { name: 'Retry' }).click();
    await expect(lab.panel.getByText('The Jupyter server does not answer.')).toBeVisible();

    await server().start();
    await expect(lab.panel.getByText('The Jupyter server does not answer.')).toBeHidden({
      timeout: 60_000
    });
    await held.goesOn();
    held.release();
    const row = await lab.job(name, 'succeeded');
    await row.getByRole('button', { name: 'Open result' }).click();
    await expect(lab.notebook).toContainText('held, and let go');
  });
}

test('a server that starts brings results home by itself, after all has been killed', async ({
  page
}) => {
  const held = new HeldNotebook(server().place, 'alone.ipynb');
  const lab = new LabPage(page, server());
  await lab.open('alone.ipynb');
  await lab.openPanel();
  await lab.submit();
  const row = await lab.job('alone', 'running');
  const id = await row.getAttribute('data-job');
  await page.close();
  const { pid } = v.parse(Pong, await (await server().fetch('jupyterlab-submit/api/ping')).json());
  await server().kill();
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
  await held.goesOn();
  held.release();

  await server().start();
  await expect
    .poll(() => readdirSync(server().place.root), { timeout: 60_000 })
    .toContain(`alone.${id}.ipynb`);
});

/** Lab tells in a dialog that its server has gone, and leaves it to the person to close that. */
async function dismissLabsOwnWords(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog').filter({ hasText: 'Server Connection Error' });
  await page.addLocatorHandler(dialog, () => dialog.getByRole('button').last().click());
}
