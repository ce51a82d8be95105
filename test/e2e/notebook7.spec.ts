import { type BrowserContext, expect, test } from '@playwright/test';
import { HeldNotebook } from './heldNotebook';
import { LabPage } from './labPage';
import { sharedServer } from './sharedServer';

const server = sharedServer(() => ({ app: 'notebook' }));

// A film of nine pages would cost more than the pages.
test.use({ trace: 'off' });

/** So many pages have the panel open: more than the six connections that browsers open to a server. */
const PAGES = 8;

test('a notebook page submits, follows the job, and opens the result in a tab without a kernel', async ({
  context,
  page
}) => {
  server().place.writeNotebook('folder/sum ü.ipynb', '1 + 41');
  const notebook = new LabPage(page, server());
  await notebook.openNotebook7('folder/sum ü.ipynb');
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Submit to cluster…' }).click();
  await expect(notebook.panel).toBeVisible();
  await notebook.fill({ Cores: '1', Time: '5m' });
  await notebook.submit();
  const row = await notebook.job('sum', 'succeeded');
  const opening = context.waitForEvent('page');
  await row.getByRole('button', { name: 'Open result' }).click();
  const result = new LabPage(await opening, server());
  await expect(result.notebook).toContainText('42');
  await expect(result.page.getByText('No Kernel')).toBeVisible();
  const sessions = await (await server().fetch('api/sessions')).text();
  expect(sessions).toContain('folder/sum ');
  expect(sessions).not.toContain(String(await row.getAttribute('data-job')));
  expect([...notebook.errors, ...result.errors]).toEqual([]);
});

test('eight pages with the panel open do not keep a ninth from opening and saving', async ({
  context
}) => {
  // Nine pages: each takes seconds where other things run too.
  test.setTimeout(180_000);
  const streams = countStreams(context);
  const held = new HeldNotebook(server().place, 'held.ipynb');
  const submitting = await openWithPanel(context, 'held.ipynb');
  const pages = [submitting];
  while (pages.length < PAGES) {
    const file = `page${pages.length}.ipynb`;
    server().place.writeNotebook(file, '1 + 1');
    pages.push(await openWithPanel(context, file));
  }
  await submitting.submit();
  await Promise.all(pages.map(page => page.job('held', 'running')));
  expect(streams()).toBe(1);

  // A page that waits for a connection would wait for as long as the others have theirs: for ever.
  await openAndSave(context, 'ninth.ipynb');
  expect(streams()).toBe(1);
  expect(
    await Promise.all(pages.map(page => page.jobs('held').getAttribute('data-state')))
  ).toEqual(pages.map(() => 'running'));
  held.release();
  await Promise.all(pages.map(page => page.job('held', 'succeeded')));
});

async function openWithPanel(context: BrowserContext, file: string): Promise<LabPage> {
  const page = new LabPage(await context.newPage(), server());
  await page.openNotebook7(file);
  await page.openPanel();
  return page;
}

/** Opens a notebook in a page of its own, and saves it. */
async function openAndSave(context: BrowserContext, file: string): Promise<void> {
  server().place.writeNotebook(file, '1 + 1');
  const page = await context.newPage();
  const notebook = new LabPage(page, server());
  await notebook.openNotebook7(file);
  const saved = page.waitForResponse(
    answer => answer.request().method() === 'PUT' && answer.url().includes(`api/contents/${file}`)
  );
  await notebook.notebook.locator('.cm-content').click();
  await page.keyboard.press('Control+s');
  await (await saved).finished();
  await page.close();
}

/** Gives how many streams of events the pages have open at present. */
function countStreams(context: BrowserContext): () => number {
  const open = new Set<unknown>();
  context.on('request', request => {
    if (request.url().includes('jupyterlab-submit/api/events')) {
      open.add(request);
    }
  });
  context.on('requestfinished', request => open.delete(request));
  context.on('requestfailed', request => open.delete(request));
  return () => open.size;
}
