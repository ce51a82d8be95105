import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Locator, type Page, expect, test } from '@playwright/test';
import { LabPage } from './labPage';
import { looksRight } from './looksRight';
import { PROJECT, Place } from './place';
import { sharedServer } from './sharedServer';

const PYTHON = path.join(PROJECT, '.venv/bin/python');

/** The programs of a Slurm, as far as a check asks them. */
const SLURM = {
  sbatch: 'sleep 0.5; echo slurm 23.02.6',
  scontrol: `echo "PartitionName=main AllowGroups=ALL Default=YES MaxTime=1-00:00:00 State=UP Nodes=n1"
echo "PartitionName=short AllowGroups=ALL Default=NO MaxTime=00:10:00 State=UP Nodes=n1"
echo "PartitionName=old AllowGroups=ALL Default=NO MaxTime=UNLIMITED State=DOWN Nodes=n1"`,
  sacctmgr: `echo "physics||normal,high|normal"
echo "biology|short|normal|"`
};

const server = sharedServer(() => {
  const place = new Place();
  const programs = path.join(place.home, 'bin');
  mkdirSync(programs);
  for (const [name, does] of Object.entries(SLURM)) {
    writeFileSync(path.join(programs, name), `#!/bin/bash\n${does}\n`, { mode: 0o755 });
  }
  return { place, environment: { PATH: `${programs}:${place.environment['PATH']}` } };
});

// High enough for all of the panel: of what is out of sight axe cannot see the colors.
test.use({ viewport: { width: 1280, height: 1400 } });

/** Opens a notebook and the panel, with a cluster that has everything, and these settings, and one whose Python has nothing. */
async function begin(
  page: Page,
  settings: object = {}
): Promise<{ lab: LabPage; cluster: Locator; bare: string }> {
  const { place } = server();
  const bare = path.join(place.home, 'bare');
  execFileSync(PYTHON, ['-m', 'venv', '--without-pip', '--clear', bare]);
  place.writeNotebook('plan.ipynb', '%%px\n1 + 1');
  place.writeSettings('jupyterlab-submit:plugin', {
    clusters: [
      { name: 'hpc', title: 'Our HPC', scheduler: 'slurm', python: PYTHON, ...settings },
      { name: 'bare', title: 'Bare', scheduler: 'slurm', python: `${bare}/bin/python` }
    ]
  });
  const lab = new LabPage(page, server());
  await lab.open('plan.ipynb');
  await lab.openPanel();
  return { lab, cluster: lab.form.getByLabel('Cluster', { exact: true }), bare };
}

test('a cluster is checked when it is first chosen, and helps to fill in the form', async ({
  page
}) => {
  const { cluster, lab } = await begin(page);
  const status = lab.form.locator('.jp-SubmitForm-status');
  await expect(cluster).toHaveValue('local');
  await cluster.selectOption('hpc');
  await expect(status).toHaveText('Slurm 23.02.6, ready');

  await lab.form.getByRole('button', { name: /^What was checked/ }).click();
  await expect(lab.form.locator('dl')).toContainText('main (default, at most 1 day)');
  await expect(lab.form.locator('dl')).toContainText(
    'physics (QoS normal, high), biology (QoS normal)'
  );
  await expect(lab.form.locator('dl')).toContainText(`${PYTHON}, version 3.`);
  await lab.fill({ Time: '48h' });
  await expect(lab.form).toContainText('= 48:00:00; more than the queue takes: 1 day');
  await looksRight(page, '.jp-SubmitPanel', 'What was checked', theme =>
    lab.screenshot(`check-ready-${theme}`, lab.panel)
  );

  await lab.form.getByRole('button', { name: /^More/ }).click();
  const queue = lab.form.getByLabel('Queue', { exact: true });
  const offered = await queue.evaluate((input: HTMLInputElement) =>
    [...(input.list?.options ?? [])].map(({ label, value }) => `${value}: ${label}`)
  );
  expect(offered).toEqual(['main: at most 1 day', 'short: at most 10 min']);
  await queue.fill('old');
  await expect(lab.form.getByRole('alert')).toHaveText(
    'The queue old is not there, or you cannot use it.'
  );

  await lab.fill({ Queue: 'main', Account: 'biology', QoS: 'high' });
  await expect(lab.form).toContainText('not in the queue main');
  await looksRight(page, '.jp-SubmitPanel', 'not with the account biology', theme =>
    lab.screenshot(`check-accounts-${theme}`, lab.panel)
  );

  await cluster.selectOption('local');
  await expect(status).toHaveText(/^Ready, \d+ cores?$/);
  await lab.form.getByRole('button', { name: 'Check This machine' }).click();
  await expect(status).toHaveText('Checking…');
  await expect(status).toHaveText(/^Ready, \d+ cores?$/);
  expect(lab.errors).toEqual([]);
});

test('accounts are offered with what their site says of them, and a site that is silent is no problem', async ({
  page
}) => {
  const { place } = server();
  const saldo = path.join(place.home, 'saldo.txt');
  writeFileSync(saldo, 'biology 1,200 of 5,000 core hours left\nphys-001 until May\n');
  place.writeSite('example', { name: 'example', accountsCommand: `cat ${saldo}` });
  const { cluster, lab } = await begin(page, { profile: 'example' });
  await cluster.selectOption('hpc');
  const status = lab.form.locator('.jp-SubmitForm-status').first();
  await expect(status).toHaveText('Slurm 23.02.6, ready');
  await lab.form.getByRole('button', { name: /^More/ }).click();
  const account = lab.form.getByLabel('Account', { exact: true });
  const offered = await account.evaluate((input: HTMLInputElement) =>
    [...(input.list?.options ?? [])].map(({ label, value }) => `${value}: ${label}`)
  );
  expect(offered).toEqual([
    'biology: not in the queue main; 1,200 of 5,000 core hours left',
    'phys-001: until May',
    'physics: '
  ]);

  rmSync(saldo);
  await lab.form.getByRole('button', { name: /^Check Our HPC/ }).click();
  await lab.form.getByRole('button', { name: /^What was checked/ }).click();
  await expect(lab.form.locator('dl')).toContainText(/failed with status 1.*No such file/s);
  await expect(status).toHaveText('Slurm 23.02.6, ready');
  await looksRight(page, '.jp-SubmitPanel', 'What was checked', theme =>
    lab.screenshot(`check-warning-${theme}`, lab.panel)
  );
  expect(lab.errors).toEqual([]);
});

test('what a cluster lacks is told with the line that installs it, until it is there', async ({
  page
}) => {
  const { bare, cluster, lab } = await begin(page);
  await cluster.selectOption('bare');
  const lacks = lab.form.getByRole('alert');
  await expect(lacks).toHaveText(`${bare}/bin/python lacks nbclient, ipykernel, ipyparallel.`);
  await expect(lab.form).toContainText('-m pip install nbclient ipykernel ipyparallel');
  await lab.form.getByRole('button', { name: 'Show more of the problem' }).click();
  await looksRight(page, '.jp-SubmitPanel', 'pip install', theme =>
    lab.screenshot(`check-lacks-${theme}`, lab.panel)
  );

  // As good as the line that is shown, without a network.
  const [version = ''] = readdirSync(path.join(PROJECT, '.venv/lib'));
  writeFileSync(
    path.join(bare, 'lib', version, 'site-packages/ours.pth'),
    path.join(PROJECT, '.venv/lib', version, 'site-packages')
  );
  const again = lab.form.getByRole('button', { name: 'Check again' });
  await again.focus();
  await page.keyboard.press('Enter');
  await expect(lab.form.locator('.jp-SubmitForm-status')).toHaveText('Slurm 23.02.6, ready');
  await expect(lacks).toBeHidden();
  expect(lab.errors).toEqual([]);
});
