import { type BrowserContext, expect, test } from '@playwright/test';
import { HeldNotebook } from './heldNotebook';
import { LabPage } from './labPage';
import { sharedServer } from './sharedServer';

const server = sharedServer();

test('two windows show the same jobs, and one of them tells of each end', async ({ context }) => {
  const held = new HeldNotebook(server().place, 'first.ipynb');
  new HeldNotebook(server().place, 'second.ipynb');
  const [first, second] = await Promise.all([
    openWindow(context, 'first'),
    openWindow(context, 'second')
  ]);

  await first.submit();
  await second.submit();
  for (const window of [first, second]) {
    await window.job('first', 'running');
    await window.job('second', 'running');
  }
  held.release();
  await first.job('first', 'succeeded');
  await second.job('first', 'succeeded');

  await first.choose(first.jobs('second'), 'Cancel');
  await first.job('second', 'cancelled');
  await second.job('second', 'cancelled');
  await expect(second.jobs('second')).toContainText('cancelled by you');

  await expect.poll(async () => (await first.noticeCount()) + (await second.noticeCount())).toBe(2);
  // Whoever else had to tell of the first end would have done so by now.
  const told = [...(await first.notices()), ...(await second.notices())].toSorted();
  expect(told).toEqual([
    expect.stringContaining('first: done in'),
    expect.stringContaining('second: cancelled by you')
  ]);
  expect([...first.errors, ...second.errors]).toEqual([]);
});

test('two browsers of a person show the same jobs, and each tells of their ends', async ({
  browser
}) => {
  const held = new HeldNotebook(server().place, 'home.ipynb');
  server().place.writeNotebook('office.ipynb', '1 + 1');
  const contexts = [await browser.newContext(), await browser.newContext()] as const;
  const [home, office] = await Promise.all([
    openWindow(contexts[0], 'home'),
    openWindow(contexts[1], 'office')
  ]);

  await home.submit();
  await home.job('home', 'running');
  await office.job('home', 'running');
  held.release();
  for (const window of [home, office]) {
    await window.job('home', 'succeeded');
    await expect.poll(() => window.noticeCount()).toBe(1);
    expect(await window.notices()).toEqual([expect.stringContaining('home: done in')]);
    expect(window.errors).toEqual([]);
  }
  await Promise.all(contexts.map(context => context.close()));
});

/** Opens a window with a notebook and the panel. */
async function openWindow(context: BrowserContext, name: string): Promise<LabPage> {
  const window = new LabPage(await context.newPage(), server());
  await window.open(`${name}.ipynb`, { workspace: name });
  await window.openPanel(`${name}.ipynb`);
  return window;
}
