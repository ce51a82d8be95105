import { type Route, expect, test } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { STATES } from '../../src/api/job';
import { outputsOf } from '../jobs/notebook';
import { sharedLab } from './sharedLab';
import { sharedServer } from './sharedServer';

const server = sharedServer();
const lab = sharedLab(server);

/** Opens a notebook with these cells, and the panel. */
async function begin(name: string, ...cells: string[]): Promise<void> {
  server().place.writeNotebook(`${name}.ipynb`, ...cells);
  await lab().openTab(`${name}.ipynb`);
  await lab().openPanel(`${name}.ipynb`);
}

function inRoot(...names: string[]): string {
  return path.join(server().place.root, ...names);
}

test('the button in its toolbar opens the panel for a notebook', async () => {
  server().place.writeNotebook('toolbar.ipynb', '1 + 1');
  await lab().openTab('toolbar.ipynb');
  await lab().page.getByRole('button', { name: 'Submit to cluster…' }).click();
  await expect(lab().form).toContainText('toolbar.ipynb');
  await expect(lab().panel.getByLabel('Cores', { exact: true })).toBeFocused();
});

test('file browser, Run menu and palette offer to submit', async () => {
  await begin('offered', '1 + 1');
  const { page } = lab();
  server().place.writeNotebook('beside.ipynb', '1 + 1');
  await lab().command('filebrowser:refresh');
  await page.getByRole('listitem', { name: /^Name: beside/ }).click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Submit to cluster…' }).click();
  await expect(lab().form).toContainText('beside.ipynb');

  await lab().command('application:toggle-right-area');
  await expect(lab().panel).toBeHidden();
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Submit to cluster…' }).click();
  await expect(lab().panel).toBeVisible();

  await lab().command('application:toggle-right-area');
  await expect(lab().panel).toBeHidden();
  await page.keyboard.press('Control+Shift+C');
  const palette = page.getByRole('region', { name: 'Command Palette Section' });
  await palette.getByRole('textbox').fill('submit to cluster');
  await palette.getByRole('menuitem', { name: 'Submit to cluster…' }).click();
  await expect(lab().panel).toBeVisible();
});

test('what is not saved yet is saved and computed, and the notebook stays as it is', async () => {
  await begin('edited', '"on disk"');
  await lab().notebook.locator('.cm-content').click();
  await lab().page.keyboard.press('Control+A');
  await lab().page.keyboard.insertText('"edited " * 2');
  await lab().submit();
  const id = await lab().jobs('edited').getAttribute('data-job');
  const submitted = digest(inRoot('edited.ipynb'));
  // The verdict comes before the result.
  await lab().resultOf(await lab().job('edited', 'succeeded'));
  expect(outputsOf(inRoot(`edited.${id}.ipynb`))).toEqual([`'edited edited '`]);
  expect(digest(inRoot('edited.ipynb'))).toBe(submitted);
  expect(outputsOf(inRoot('edited.ipynb'))).toEqual(['']);
});

test('two clicks make one job', async () => {
  await begin('twice', '1 + 1');
  const button = lab().panel.getByRole('button', { name: 'Submit', exact: true });
  await button.dblclick();
  await expect(lab().jobs('twice')).toHaveCount(1);
  await expect(button).toBeVisible();
  await expect(lab().jobs('twice')).toHaveCount(1);
});

test('a press of the button counts, whatever comes into the form above it meanwhile', async () => {
  const { form, page, panel } = lab();
  const held = new Promise<Route>(resolve => {
    void page.route(/\/api\/check\b/, resolve, { times: 1 });
  });
  writeFileSync(inRoot('../outside.csv'), 'x');
  await begin('pressed', '1 + 1', 'open("../outside.csv")');
  await expect(form).toContainText('Looking at what would run…');
  const button = panel.getByRole('button', { name: 'Submit', exact: true });
  await button.hover();
  await page.mouse.down();
  const answer = page.waitForResponse(/\/api\/check\b/);
  await (await held).continue();
  await (await answer).finished();
  // It is drawn with one of the next pictures.
  await page.evaluate(() => new Promise(resolve => setTimeout(resolve, 300)));
  await expect(form).toContainText('Looking at what would run…');
  await page.mouse.up();
  await expect(lab().jobs('pressed')).toHaveCount(1);
  await expect(form).toContainText('../outside.csv');
});

test('a job is seen from its submission to its end', async () => {
  const gate = inRoot('gate');
  await begin(
    'watched',
    'import ipyparallel as ipp, os, time\nrc = ipp.Client()',
    `while not os.path.exists("${gate}"):\n    time.sleep(0.1)`,
    '%px import os'
  );
  const states = await lab().statesOf('watched');
  await lab().fill({ Cores: '2', Time: '10m' });
  await lab().submit();
  const row = await lab().job('watched', 'running');
  await expect(row).toContainText('cell 2 of 3');
  await expect(row).toContainText('2 of 2 engines');
  await expect(row).toContainText('of 10 min');
  writeFileSync(gate, '');
  await expect(await lab().job('watched', 'succeeded')).toContainText(/done in \d+ s/);
  const seen = await states.jsonValue();
  expect(seen.indexOf('running')).toBeGreaterThan(0);
  expect(seen).toEqual(STATES.filter(state => seen.includes(state)));
});

test('the preview shows the whole script', async () => {
  await begin('previewed', '1 + 1');
  await lab().panel.getByRole('button', { name: 'Preview script' }).click();
  const script = lab().page.getByRole('region', { name: 'Script preview' });
  await expect(script).toHaveText(/^#!\/usr\/bin\/env bash\s/);
});

test('Enter submits, and a wrong time is said below its field', async () => {
  await begin('entered', '1 + 1');
  const time = lab().panel.getByLabel('Time', { exact: true });
  await time.fill('90');
  await time.press('Enter');
  await expect(time).toHaveAccessibleDescription(/"90" has no unit: write 90m, 2h or 48:00:00/);
  await expect(time).toBeFocused();
  await time.fill('90m');
  await expect(time).toHaveAccessibleDescription('= 1:30:00');
  await time.press('Enter');
  await expect(lab().jobs('entered')).toContainText('This machine');
  await expect(lab().jobs('entered')).toHaveCount(1);
});

test('files that the notebook names are listed, and can be left out', async () => {
  writeFileSync(inRoot('data.csv'), 'x'.repeat(2000));
  writeFileSync(inRoot('../outside.csv'), 'x');
  await begin('reader', 'open("data.csv").read()', 'open("../outside.csv")');
  await expect(lab().panel.getByRole('list', { name: 'Not taken along' })).toHaveText(
    /\.\.\/outside\.csv/
  );
  await lab()
    .panel.getByRole('button', { name: /^Files/ })
    .click();
  const files = lab().panel.getByRole('list', { name: 'Files taken along' });
  await expect(files.getByRole('listitem')).toHaveText([/^data\.csv.*kB/]);
  await files.getByRole('button', { name: 'Leave out data.csv' }).click();
  await expect(files).toBeHidden();
  await expect(lab().form).toContainText('none but the notebook');
});

function digest(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}
