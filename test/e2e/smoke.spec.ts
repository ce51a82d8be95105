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
