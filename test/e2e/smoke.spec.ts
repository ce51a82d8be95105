import { expect, test } from '@playwright/test';
import { LabPage } from './labPage';
import { sharedServer } from './sharedServer';

const server = sharedServer();

test('JupyterLab starts with the extension, and its panel opens', async ({ page }) => {
  server().place.writeNotebook('analysis.ipynb', '1 + 1');
  const lab = new LabPage(page, server());
  await lab.open('analysis.ipynb');
  await lab.openPanel();
  expect(lab.errors).toEqual([]);
});

test('Notebook 7 starts with the extension, and its panel opens', async ({ page }) => {
  server().place.writeNotebook('an ä#?.ipynb', '1 + 1');
  const lab = new LabPage(page, server());
  await lab.openNotebook7('an ä#?.ipynb');
  await lab.openPanel();
  expect(lab.errors).toEqual([]);
});

test('a notebook that is submitted comes back executed', async ({ page }) => {
  server().place.writeNotebook(
    'sum.ipynb',
    'import ipyparallel as ipp\nrc = ipp.Client()',
    '%%px\n1 + 1'
  );
  const lab = new LabPage(page, server());
  await lab.open('sum.ipynb');
  await lab.openPanel();
  await lab.fill({ Cores: '2', Time: '5m' });
  await lab.submit();
  const row = await lab.job('sum', 'succeeded');
  await row.getByRole('button', { name: 'Open result' }).click();
  await expect(lab.notebook).toContainText('Out[1:1]: 2');
  expect(lab.errors).toEqual([]);
});
