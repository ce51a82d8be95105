import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { clusterOf, startCluster, stopCluster, whyNoCluster } from '../cluster/testCluster';
import { outputsOf } from '../jobs/notebook';
import { LabPage } from './labPage';
import { looksRight } from './looksRight';
import { Place } from './place';
import { sharedServer } from './sharedServer';

const reason = whyNoCluster();
test.skip(reason !== null, reason ?? '');

const server = sharedServer(() => {
  if (reason !== null) {
    return {};
  }
  clusterOf(__filename);
  const { python, sshConfig } = startCluster();
  const place = new Place();
  place.writeSettings('jupyterlab-submit:plugin', {
    clusters: [{ name: 'hpc', title: 'Our cluster', host: 'slurm', python }]
  });
  return { place, environment: { JUPYTERLAB_SUBMIT_SSH_CONFIG: sshConfig } };
});

test.afterAll(() => {
  if (reason === null) {
    stopCluster();
  }
});

test('a notebook goes to a Slurm behind SSH, runs on 16 engines of 4 nodes, and comes home', async ({
  page
}) => {
  test.setTimeout(240_000);
  const { place } = server();
  place.writeNotebook(
    'ranks.ipynb',
    'import ipyparallel as ipp\nrc = ipp.Client()',
    // Long enough to be seen.
    'import time\ntime.sleep(8)',
    '%%px\nimport os\nseen = (os.environ["SLURMD_NODENAME"], int(os.environ["SLURM_PROCID"]))',
    'seen = rc[:]["seen"]\nprint([rank for _, rank in seen] == list(range(16)), sorted({node for node, _ in seen}))',
    'import pickle\nwith open("seen.pickle", "wb") as file:\n    pickle.dump(seen, file)'
  );
  const lab = new LabPage(page, server());
  await lab.open('ranks.ipynb');
  await lab.openPanel();
  const cluster = lab.form.getByLabel('Cluster', { exact: true });
  await expect(cluster.locator('option')).toContainText(['Our cluster', 'slurm', 'slurm-tcsh']);
  await expect(cluster).toHaveValue('local');
  await cluster.selectOption('hpc');
  await expect(lab.form.locator('.jp-SubmitForm-status')).toHaveText(
    /^Slurm \d+\.\d+\.\d+, ready$/
  );

  await lab.form.getByRole('button', { name: /^More/ }).click();
  await lab.fill({ Cores: '16', Time: '10m', Nodes: '4' });
  await expect(lab.form).toContainText('16 engines on 4 nodes');
  await lab.screenshot('slurm-form', lab.panel);
  await lab.submit();
  const id = await lab.jobs('ranks').getAttribute('data-job');
  await expect(await lab.job('ranks', 'running', 120)).toContainText('Our cluster');
  await lab.screenshot('slurm-running', lab.panel);
  const row = await lab.job('ranks', 'succeeded', 120);
  await row.getByRole('button', { name: 'Open result' }).click();
  await expect(lab.tab(`ranks.${id}.ipynb`)).toBeVisible();
  await expect(lab.notebook).toContainText("True ['n1', 'n2', 'n3', 'n4']");
  await lab.screenshot('slurm-result');

  expect(outputsOf(path.join(place.root, `ranks.${id}.ipynb`))[3]).toBe(
    "True ['n1', 'n2', 'n3', 'n4']\n"
  );
  const pickle = readFileSync(path.join(place.root, `ranks.${id}.files/seen.pickle`));
  expect(pickle.length).toBeGreaterThan(0);
  expect(lab.errors).toEqual([]);
});

test('a form asks for what the site of its cluster wants, and not for what that refuses', async ({
  page
}) => {
  test.setTimeout(240_000);
  const { place } = server();
  place.writeSite('example', {
    name: 'example',
    title: 'Example University',
    // The host that ssh connects to, behind the name `slurm`.
    hosts: ['127.0.0.1'],
    fields: {
      account: { required: true, note: 'your project, such as phys-001' },
      queue: { choices: { main: 'for everything' }, default: 'main', locked: true },
      memoryPerCore: { refused: 'a job has all memory of its nodes' }
    },
    nodes: { required: true, whole: true, cores: 2 },
    purge: [{ where: 'in /scratch', days: 30 }],
    help: 'mailto:help@hpc.example.edu',
    links: [{ title: 'Running jobs', url: 'https://hpc.example.edu/jobs' }],
    environments: [{ title: 'Python of the site', environment: ['echo site'] }]
  });
  place.writeNotebook('asked.ipynb', '%%px\n1');
  const lab = new LabPage(page, server());
  await lab.open('asked.ipynb');
  await lab.openPanel();
  await lab.form.getByLabel('Cluster', { exact: true }).selectOption('hpc');
  await expect(lab.form).toContainText('Profile: Example University');

  const account = lab.form.getByLabel(/^Account/);
  await expect(account).toBeVisible();
  await expect(account).toHaveAttribute('aria-required', 'true');
  await expect(lab.form).toContainText(
    'is needed at Example University: your project, such as phys-001'
  );
  await lab.submit();
  await expect(account).toBeFocused();
  await expect(lab.jobs('asked')).toHaveCount(0);

  await lab.form.getByRole('button', { name: /^About the site/ }).click();
  await expect(lab.form).toContainText('Files are deleted after 30 days: in /scratch');
  await expect(lab.form.getByRole('link', { name: 'help@hpc.example.edu' })).toHaveAttribute(
    'href',
    'mailto:help@hpc.example.edu'
  );
  await lab.form.getByRole('button', { name: /^More/ }).click();
  await expect(lab.form.getByLabel(/^Queue/)).toHaveJSProperty('readOnly', true);
  await expect(lab.form.getByLabel(/^Queue/)).toHaveValue('main');
  await expect(lab.form.getByLabel('Memory per core')).toHaveCount(0);
  await lab.form.getByLabel('Environment of the site').selectOption('Python of the site');
  await expect(lab.form.getByLabel('Environment lines')).toHaveValue('echo site');
  await looksRight(page, '.jp-SubmitPanel', 'Example University', theme =>
    lab.screenshot(`site-${theme}`, lab.panel)
  );

  await account.fill('physics');
  await lab.fill({ Cores: '4', Time: '10m' });
  await expect(lab.form).toContainText('4 engines on 2 nodes');
  await expect(lab.form).toContainText('Example University gives a job whole nodes');
  await lab.form.getByRole('button', { name: 'Preview script' }).click();
  const script = page.getByRole('region', { name: 'Script preview' });
  await expect(script).toContainText('--account=physics');
  await expect(script).toContainText('--nodes=2');
  await expect(script).toContainText('echo site');
  expect(lab.errors).toEqual([]);
});
