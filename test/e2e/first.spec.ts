import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Locator, type Page, expect, test } from '@playwright/test';
import { LabPage } from './labPage';
import { looksRight } from './looksRight';
import { Place } from './place';
import { sharedServer } from './sharedServer';

// Several pages and three themes each.
test.setTimeout(240_000);

const server = sharedServer(() => {
  const place = new Place();
  const sshConfig = path.join(place.home, 'ssh_config');
  // Whoever contacts the host leaves a sign.
  const lines = [
    'Host hpc',
    'HostName hpc.invalid',
    `ProxyCommand touch ${place.home}/knocked`,
    // Otherwise those of whoever runs the test.
    'IdentityFile none',
    'IdentityAgent none',
    'UserKnownHostsFile none'
  ];
  place.write(sshConfig, `${lines.join('\n  ')}\n`);
  return { place, environment: { JUPYTERLAB_SUBMIT_SSH_CONFIG: sshConfig } };
});

const wasContacted = (): boolean => existsSync(path.join(server().place.home, 'knocked'));

/** How far the form is scrolled. */
function scrolled({ form }: LabPage): Promise<number> {
  return form.evaluate(node => node.closest('.jp-SubmitPanel-section')?.scrollTop ?? -1);
}

async function begin(page: Page, file: string): Promise<{ lab: LabPage; cluster: Locator }> {
  const lab = new LabPage(page, server());
  await lab.open(file);
  await lab.openPanel();
  return { lab, cluster: lab.form.getByLabel('Cluster', { exact: true }) };
}

test('a newcomer begins with This machine, and no host is contacted before one is chosen', async ({
  context,
  page
}) => {
  const { place } = server();
  place.writeNotebook('one.ipynb', '%%px\n1 + 1');
  place.writeNotebook('two.ipynb', '2 + 2');
  const { cluster, lab } = await begin(page, 'one.ipynb');
  await expect(cluster.getByRole('option')).toHaveText(['hpc', 'This machine']);
  await expect(cluster).toHaveValue('local');
  await expect(lab.form).toContainText('run on this machine until you choose a cluster');
  await expect(lab.form).toContainText('2 engines, at most 1 h.');
  await looksRight(page, '.jp-SubmitPanel', 'run on this machine', theme =>
    lab.screenshot(`first-run-${theme}`)
  );
  expect(wasContacted()).toBe(false);

  await cluster.selectOption('hpc');
  await expect(lab.form.getByRole('alert')).toBeVisible();
  expect(wasContacted()).toBe(true);
  await lab.openTab('two.ipynb');
  await expect(cluster).toHaveValue('hpc');
  const second = await begin(await context.newPage(), 'two.ipynb');
  await expect(second.cluster).toHaveValue('hpc');
  await second.cluster.selectOption('local');
  const again = await begin(page, 'one.ipynb');
  await expect(again.cluster).toHaveValue('local');
});

test('a long problem leaves the fields in sight', async ({ page }) => {
  await page.setViewportSize({ width: 1000, height: 640 });
  server().place.writeNotebook('one.ipynb', '%%px\n1 + 1');
  const { cluster, lab } = await begin(page, 'one.ipynb');
  await cluster.selectOption('hpc');
  await expect(lab.form.getByRole('alert')).toBeVisible();
  await lab.screenshot('long-problem');
  for (const label of ['Cores', 'Time']) {
    // A click is on what is seen: nothing lies over it.
    await lab.form.getByLabel(label, { exact: true }).click({ timeout: 2000 });
    await expect.poll(() => scrolled(lab)).toBe(0);
  }
  await expect(lab.form.getByRole('button', { name: 'Submit', exact: true })).toBeInViewport();
  const words = lab.form.locator('.jp-SubmitProblem-words');
  const brief = (await words.boundingBox())?.height ?? 0;
  await lab.form.getByRole('button', { name: 'Show more of the problem' }).click();
  expect((await words.boundingBox())?.height).toBeGreaterThan(brief * 1.4);
  await lab.screenshot('long-problem-whole');
  await lab.form.getByRole('button', { name: 'Show less of the problem' }).click();
  expect((await words.boundingBox())?.height).toBe(brief);
});

test('a result in front says whose it is, and Submit runs the notebook that it was made of', async ({
  page
}) => {
  server().place.writeNotebook('sums.ipynb', '1 + 1');
  const { cluster, lab } = await begin(page, 'sums.ipynb');
  await cluster.selectOption('local');
  await lab.fill({ Cores: '1', Time: '5m' });
  await lab.submit();
  const row = await lab.job('sums', 'succeeded');
  const id = await row.getAttribute('data-job');
  // What was used since then does not count for a result.
  await cluster.selectOption('hpc');
  await row.getByRole('button', { name: 'Open result' }).click();
  await expect(lab.tab(`sums.${id}.ipynb`)).toHaveAttribute('aria-selected', 'true');
  await expect(lab.form).toContainText(`Result of job sums (${id}) on This machine: done, `);
  await expect(cluster).toHaveValue('local');
  await expect(lab.form.getByLabel('Cores', { exact: true })).toHaveValue('1');
  await expect(lab.form.locator('.jp-SubmitForm-notebook')).toHaveText('sums.ipynb');
  await expect(lab.tab(`sums.${id}.ipynb`)).toHaveAttribute(
    'title',
    new RegExp(`Job: sums \\(${id}\\)`)
  );
  await lab.hideNotices();
  await looksRight(page, '.jp-SubmitPanel', 'Result of job', theme =>
    lab.screenshot(`result-${theme}`)
  );
  await lab.submit();
  await expect(lab.jobs('sums')).toHaveCount(2);
  await expect(await lab.job('sums', 'succeeded')).not.toHaveAttribute('data-job', id ?? '');

  await lab.form.getByRole('button', { name: 'Open notebook' }).click();
  await expect(lab.tab('sums.ipynb')).toHaveAttribute('aria-selected', 'true');
  await expect(lab.form).not.toContainText('Result of job');
});
