import { expect, test } from '@playwright/test';
import { HeldNotebook } from './heldNotebook';
import { LabPage } from './labPage';
import { looksRight } from './looksRight';
import { sharedServer } from './sharedServer';

const server = sharedServer();

// High enough for all of the panel: of what is out of sight axe cannot see the colors.
test.use({ viewport: { width: 1280, height: 1800 } });

test('the panel can be read by everybody, at first and with a wrong field', async ({ page }) => {
  server().place.writeNotebook('first.ipynb', '%%px\n1 + 1');
  const lab = new LabPage(page, server());
  await lab.open('first.ipynb');
  await lab.openPanel();
  await expect(lab.panel).toContainText('Add a cluster');
  await expect(lab.panel).toContainText('2 engines, at most 1 h.');
  await looksRight(page, '.jp-SubmitPanel', 'Add a cluster');

  await lab.fill({ Time: '90' });
  await expect(lab.panel).toContainText('"90" has no unit: write 90m, 2h or 48:00:00');
  await lab.panel.getByRole('button', { name: /^More/ }).click();
  await lab.panel.getByRole('button', { name: /^Files/ }).click();
  await looksRight(page, '.jp-SubmitPanel', 'has no unit');
});

test('a running job, a failed one and its log can be read by everybody', async ({ page }) => {
  server().place.writeNotebook('wrong.ipynb', 'print("so far")', 'raise ValueError("not\\nso")');
  new HeldNotebook(server().place, 'busy.ipynb');
  const lab = new LabPage(page, server());
  await lab.open('wrong.ipynb');
  await lab.openPanel();
  await lab.submit();
  const failed = await lab.job('wrong', 'failed');
  await failed.getByRole('button', { name: 'Why?' }).click();
  await expect(failed).toContainText('Cell 2 failed: ValueError: not');
  await lab.command('docmanager:open', { path: 'busy.ipynb' });
  await expect(lab.panel.getByText('busy.ipynb')).toBeVisible();
  await lab.submit();
  await lab.job('busy', 'running');
  await looksRight(page, '.jp-SubmitPanel', 'Cell 2 failed');

  await lab.choose(failed, 'Log');
  await expect(page.getByRole('log')).toContainText('Cell 2 of 2');
  await looksRight(page, '.jp-SubmitReadingView', 'role="log"');
});
