import { type Page, expect, test } from '@playwright/test';
import { HeldNotebook } from './heldNotebook';
import { LabPage } from './labPage';
import { type End, oldId, writeOldJobs } from './oldJobs';
import { Place } from './place';
import { Reactions } from './reactions';
import { sharedServer } from './sharedServer';

const server = sharedServer(() => ({
  place: placeWithOldJobs(),
  // Each command on the cluster begins five seconds late.
  environment: { JUPYTERLAB_SUBMIT_REMOTE_DELAY_MS: '5000' }
}));

// A page that is filmed is slower.
test.use({ trace: 'off' });

/** What people take for at once, in milliseconds. */
const AT_ONCE = 100;
const TURNS = 3;

/** What is typed into *Time*, key by key, and what the form has to say to each. */
const KEYS = [
  ['9', /"9" has no unit/],
  ['0', /"90" has no unit/],
  ['m', /= 1:30:00/]
] as const;

test('each click shows at once that it counts, however far the cluster is', async ({ page }) => {
  const lab = await openPanel(page);
  const reactions = new Reactions(page);
  const click = (row: string, name: string, words: RegExp): Promise<void> =>
    reactions.take(name, row, words, () => page.locator(row).getByRole('button', { name }).click());
  const choose = async (row: string, name: string, where: string, words: RegExp): Promise<void> => {
    const menu = page.locator(row).getByRole('button', { name: /^More for/ });
    await reactions.take('More', '.lm-Menu', /Copy job id/, () => menu.click());
    const entry = page.getByRole('menuitem', { name, exact: true });
    await reactions.take(name, where, words, () => entry.click());
  };
  const view = '.jp-SubmitTextPane';

  for (let turn = 0; turn < TURNS; turn += 1) {
    // The one before is being submitted until its files are taken.
    await expect(page.locator('.jp-SubmitRow').first()).not.toContainText(/Saving…|Submitting…/);
    await reactions.take('Submit', '.jp-SubmitRow', /Saving…|Submitting…/, () => lab.submit());
    await expect(lab.jobs('quick')).toHaveCount(turn + 1);
    const quick = rowOf(await lab.jobs('quick').first().getAttribute('data-job'));
    await choose(quick, 'Cancel', quick, /cancelling…/);
    const [kept, lost, wrong] = [old('kept', turn), old('lost', turn), old('wrong', turn)];
    await click(kept, 'Fetch again', /fetching…/);
    await click(lost, 'Check again', /asking the cluster…/);
    await click(wrong, 'Why?', /Cell 3 failed: ValueError: not so/);
    await click(wrong, 'Submit again', /submitting again…/);
    const [stopped, done] = [old('stopped', turn), old('done', turn)];
    await choose(stopped, 'Remove', stopped, /removing…/);
    await choose(done, 'Log', view, /Asking for the log…/);
    await choose(done, 'Script', view, /Asking for the script…/);
    await reactions.take('Preview script', view, /asking what would be submitted…/, () =>
      lab.panel.getByRole('button', { name: 'Preview script' }).click()
    );
  }
  expect(reactions.slowerThan(AT_ONCE)).toEqual([]);
});

test('two hundred old jobs keep neither the list nor the form from being quick', async ({
  page
}) => {
  const lab = await openPanel(page);
  await expect(lab.jobs()).toHaveCount(50);
  // Rows above it may grow meanwhile, and a mouse would miss it.
  await lab.panel.getByRole('button', { name: 'Show more' }).press('Enter');
  await expect(lab.panel).toContainText(/100 of \d+ jobs/);
  await expect(lab.jobs()).toHaveCount(100);

  const reactions = new Reactions(page);
  const filter = lab.panel.getByRole('searchbox', { name: 'Filter the jobs' });
  const time = lab.panel.getByLabel('Time', { exact: true });
  for (let turn = 0; turn < TURNS; turn += 1) {
    await time.fill('');
    await time.focus();
    for (const [key, words] of KEYS) {
      await reactions.take(`${key} in Time`, '.jp-SubmitForm', words, () =>
        page.keyboard.press(key)
      );
    }
    await filter.fill('');
    await filter.focus();
    await reactions.take('a filter', '.jp-SubmitJobs', /No job matches “=”/, () =>
      page.keyboard.press('=')
    );
  }
  expect(reactions.slowerThan(AT_ONCE)).toEqual([]);

  await filter.fill('kept-3');
  await expect(lab.jobs()).toHaveCount(11);
});

function placeWithOldJobs(): Place {
  const place = new Place();
  new HeldNotebook(place, 'quick.ipynb');
  place.writeNotebook('old.ipynb', '1 + 1');
  writeOldJobs(place, 'old.ipynb', 200);
  // What jobs have to tell would cover the rows that are clicked.
  place.writeSettings('@jupyterlab/apputils-extension:notification', {
    doNotDisturbMode: true,
    fetchNews: 'false'
  });
  return place;
}

/** Selects the row of a job. */
function rowOf(id: string | null): string {
  return `[data-job="${id}"]`;
}

function old(end: End, turn: number): string {
  return rowOf(oldId(end, turn));
}

/** Opens Lab with the panel, and waits until both have come to rest. */
async function openPanel(page: Page): Promise<LabPage> {
  const lab = new LabPage(page, server());
  await lab.open('quick.ipynb');
  await lab.openPanel();
  await expect(lab.panel).toContainText(/50 of \d+ jobs/);
  await expect(lab.panel).toContainText('Ready');
  await expect(page.getByText('| Idle')).toBeVisible();
  return lab;
}
