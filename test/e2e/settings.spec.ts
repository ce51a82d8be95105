import { type Locator, type Page, expect, test } from '@playwright/test';
import { LabPage } from './labPage';
import { sharedServer } from './sharedServer';

const PLUGIN = 'jupyterlab-submit:plugin';
const WRONG_TIME = '"90" has no unit: write 90m, 2h or 48:00:00';

const server = sharedServer();

/** Opens a notebook and the panel, with these settings of the person. */
async function begin(page: Page, settings: object): Promise<LabPage> {
  const { place } = server();
  place.writeNotebook('plan.ipynb', '1 + 1');
  place.writeSettings(PLUGIN, settings);
  const lab = new LabPage(page, server());
  await lab.open('plan.ipynb');
  await lab.openPanel();
  return lab;
}

test('a cluster with wrong settings says what to write, and is ready when that is done', async ({
  page
}) => {
  const lab = await begin(page, { clusters: [{ name: 'hpc', defaults: { time: '90' } }] });
  const cluster = lab.form.getByLabel('Cluster', { exact: true });
  await expect(cluster.getByRole('option')).toHaveText(['hpc (not ready)', 'This machine']);
  await cluster.selectOption('hpc');
  await expect(lab.form.getByRole('alert')).toHaveText(/^The settings of the cluster hpc are not/);
  await expect(lab.form).toContainText(`Default of Time: ${WRONG_TIME}`);

  await lab.form.getByRole('button', { name: 'Open settings' }).click();
  await setting(page, 'clusters_0_defaults_time').fill('30m');
  await expect(cluster.getByRole('option')).toHaveText(['hpc', 'This machine']);
  await expect(lab.form.getByLabel('Time', { exact: true })).toHaveValue('30m');
  await expect(lab.form).toContainText('at most 30 min');
  expect(lab.errors).toEqual([]);
});

test('a cluster is added in the settings editor, and a wrong value is told at once', async ({
  page
}) => {
  const lab = await begin(page, {});
  await lab.form.getByRole('button', { name: 'Add a cluster' }).click();
  const editor = page.locator('.jp-SettingsPanel');
  await expect(editor.getByRole('heading', { level: 2 })).toHaveText('Submit to cluster');
  await editor.getByRole('button', { name: 'Add item' }).first().click();
  await setting(page, 'clusters_0_name').fill('mini');
  await setting(page, 'clusters_0_defaults_time').fill('90');

  const cluster = lab.form.getByLabel('Cluster', { exact: true });
  await expect(cluster.getByRole('option')).toHaveText(['mini (not ready)', 'This machine']);
  const told = page.getByRole('alert').filter({ hasText: 'Submit to cluster: cluster mini' });
  await expect(told).toContainText(`cluster mini: Time: ${WRONG_TIME}`);

  await setting(page, 'clusters_0_defaults_time').fill('90m');
  await expect(cluster.getByRole('option')).toHaveText(['mini', 'This machine']);
  await expect(told).toBeHidden();
  await cluster.selectOption('mini');
  await expect(lab.form.getByLabel('Time', { exact: true })).toHaveValue('90m');
});

test('what an administrator has set is filled in', async ({ page }) => {
  server().place.writeOverrides(PLUGIN, {
    clusters: [{ name: 'campus', title: 'Campus', defaults: { cores: 1 } }],
    defaults: { time: '12h' }
  });
  await server().restart();
  const lab = await begin(page, {});
  const cluster = lab.form.getByLabel('Cluster', { exact: true });
  await expect(cluster.getByRole('option')).toHaveText(['Campus', 'This machine']);
  await expect(cluster).toHaveValue('local');
  await expect(lab.form.getByLabel('Time', { exact: true })).toHaveValue('12h');
  await cluster.selectOption('campus');
  await expect(lab.form.getByLabel('Cores', { exact: true })).toHaveValue('1');
  await expect(lab.form.getByLabel('Time', { exact: true })).toHaveValue('12h');
  expect(lab.errors).toEqual([]);
});

/** A field of the settings editor, whose labels do not belong to the fields. */
function setting(page: Page, name: string): Locator {
  return page.locator(`.jp-SettingsPanel input[id$="_${name}"]`);
}
