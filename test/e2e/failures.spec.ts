import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { sharedLab } from './sharedLab';
import { sharedServer } from './sharedServer';

const server = sharedServer();
const lab = sharedLab(server);

/** Submits a notebook with these cells. */
async function submit(name: string, ...cells: string[]): Promise<void> {
  server().place.writeNotebook(`${name}.ipynb`, ...cells);
  await lab().openTab(`${name}.ipynb`);
  await lab().openPanel(`${name}.ipynb`);
  await lab().submit();
}

test('a job with a failing cell says which and why, and opens what there is', async () => {
  await submit('broken', '1 + 1', 'import torch_of_mine', '2 + 2');
  const row = await lab().job('broken', 'failed');
  await expect(row).toContainText('failed');
  await expect(row).toContainText("cell 2, ModuleNotFoundError: No module named 'torch_of_mine'");
  await row.getByRole('button', { name: 'Why?' }).click();
  await expect(row).toContainText('Install it in the environment that the job uses');
  await row.getByRole('button', { name: 'Open result' }).click();
  await expect(lab().tab(/^broken\.\w{8}\.ipynb$/)).toHaveAttribute('aria-selected', 'true');
  await expect(lab().notebook).toContainText('Traceback (most recent call last)');
});

test('a job that failed is submitted again with what was asked for', async () => {
  await submit('divided', '1 / 0');
  const row = await lab().job('divided', 'failed');
  const first = await row.getAttribute('data-job');
  await row.getByRole('button', { name: 'Submit again' }).click();
  await expect(lab().jobs('divided')).toHaveCount(2);
  const second = await lab().job('divided', 'failed');
  await expect(second).not.toHaveAttribute('data-job', first ?? '');
  await expect(second).toContainText('cell 1, ZeroDivisionError: division by zero');
});

test('a job is cancelled in its menu', async () => {
  await submit('endless', 'import time\nprint("begun", flush=True)\ntime.sleep(600)');
  await lab().choose(await lab().job('endless', 'running'), 'Cancel');
  await expect(await lab().job('endless', 'cancelled')).toContainText('cancelled by you');
});

test('a job is removed, with its folder', async () => {
  await submit('removed', '1 + 1');
  const row = await lab().job('removed', 'succeeded');
  await lab().resultOf(row);
  await lab().choose(row, 'What happened when');
  const folder = await row
    .getByRole('row', { name: 'Job directory' })
    .getByRole('cell')
    .innerText();
  expect(existsSync(folder)).toBe(true);
  await lab().choose(row, 'Remove');
  await expect(lab().jobs('removed')).toHaveCount(0);
  expect(existsSync(folder)).toBe(false);
  // The keyboard is still in the list.
  const inList = lab().page.locator('.jp-SubmitJobs:focus, .jp-SubmitJobs :focus');
  await expect(inList).toHaveCount(1);
});

test('a job that is submitted comes into sight, however far the list is scrolled', async () => {
  await submit('scrolled', '1 / 0');
  await lab().job('scrolled', 'failed');
  await lab().submit();
  await expect(lab().jobs('scrolled')).toHaveCount(2);
  const { page } = lab();
  const usual = page.viewportSize();
  await page.setViewportSize({ width: 1280, height: 480 });
  // The one that was submitted just now may come into sight after the last one has.
  await expect(async () => {
    await lab().jobs().last().scrollIntoViewIfNeeded();
    await expect(lab().jobs('scrolled').first()).not.toBeInViewport({ ratio: 0.5, timeout: 500 });
  }).toPass();
  await lab().submit();
  await expect(lab().jobs('scrolled')).toHaveCount(3);
  await expect(lab().jobs('scrolled').first()).toBeInViewport({ ratio: 0.5 });
  await page.setViewportSize(usual ?? { width: 1280, height: 800 });
});
