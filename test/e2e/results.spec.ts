import { type Locator, expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { notebook } from '../jobs/notebook';
import { sharedLab } from './sharedLab';
import { sharedServer } from './sharedServer';

/** A cell whose output says whether its script ran, as those of interactive plots have to. */
function scripted(name: string): string {
  const script = `document.querySelector('.${name}').textContent += ', drawn by a script'`;
  return [
    'from IPython.display import HTML, display',
    `display(HTML("<p class=${name}>${name}</p><script>${script}</script>"))`
  ].join('\n');
}

const Sessions = v.array(v.object({ path: v.string() }));

const server = sharedServer();
const lab = sharedLab(server);

/** Submits a notebook with these cells, and waits for its end. */
async function run(name: string, ...cells: string[]): Promise<Locator> {
  server().place.writeNotebook(`${name}.ipynb`, ...cells);
  await lab().openTab(`${name}.ipynb`);
  return submitted(name);
}

async function submitted(name: string): Promise<Locator> {
  await lab().openPanel(`${name}.ipynb`);
  await lab().submit();
  return lab().job(name, 'succeeded');
}

test('a result opens without a kernel, with the files of its job beside it', async () => {
  const row = await run('sum', 'open("sums.txt", "w").write("2")', '1 + 1');
  await row.getByRole('button', { name: 'Open result' }).click();
  const result = `sum.${await row.getAttribute('data-job')}.ipynb`;
  await expect(lab().tab(result)).toHaveAttribute('aria-selected', 'true');
  await expect(lab().notebook.locator('.jp-OutputArea-output').last()).toHaveText('2');
  // Before a kernel that is to come is there, it says "Initializing".
  await expect(lab().page.getByRole('button', { name: 'No Kernel | Unknown' })).toBeVisible();
  const sessions = v.parse(Sessions, await (await server().fetch('api/sessions')).json());
  expect(sessions.map(session => session.path)).not.toContain(result);
  const files = path.join(server().place.root, result.replace('.ipynb', '.files'));
  expect(readFileSync(path.join(files, 'sums.txt'), 'utf8')).toBe('2');
});

test('scripts in a result run when its source is trusted', async () => {
  server().place.writeNotebook('trusted.ipynb', scripted('trusted'));
  await lab().openTab('trusted.ipynb');
  await lab().trust();
  const row = await submitted('trusted');
  await row.getByRole('button', { name: 'Open result' }).click();
  await expect(lab().notebook.locator('.trusted')).toHaveText('trusted, drawn by a script');
});

test('scripts in a result do not run when its source is not trusted', async () => {
  const row = await run('foreign', scripted('foreign'));
  await row.getByRole('button', { name: 'Open result' }).click();
  await expect(lab().notebook.locator('.foreign')).toHaveText('foreign');
  await lab().trust();
  await expect(lab().notebook.locator('.foreign')).toHaveText('foreign, drawn by a script');
});

test('the notification of an end opens the result', async () => {
  await run('told', '1 + 1');
  const notification = lab()
    .page.getByRole('alert')
    .filter({ hasText: /told: done in \d+ s/ });
  await notification.getByRole('button', { name: 'Open result' }).click();
  await expect(lab().tab(/^told\.\w{8}\.ipynb$/)).toHaveAttribute('aria-selected', 'true');
});

test('a result that this server does not show is listed with its place', async () => {
  const { place } = server();
  const file = path.join(place.home, 'elsewhere.ipynb');
  place.write(file, notebook('1 + 1'));
  execFileSync('jupyter', ['submit', file, '--cores', '1', '--time', '5m'], {
    env: place.environment
  });
  await lab().openPanel();
  const row = await lab().job('elsewhere', 'succeeded');
  await expect(row).toContainText(/Result: .*\/home\/elsewhere\.\w{8}\.ipynb/);
  await expect(row.getByRole('button', { name: /^More for/ })).toBeVisible();
  await expect(row.getByRole('button', { name: 'Open result' })).toBeHidden();
});
