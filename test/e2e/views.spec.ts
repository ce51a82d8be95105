import { expect, test } from '@playwright/test';
import { HeldNotebook } from './heldNotebook';
import { sharedLab } from './sharedLab';
import { sharedServer } from './sharedServer';

const server = sharedServer();
const lab = sharedLab(server);

/** Submits a notebook whose job runs until it is let go. */
async function hold(name: string): Promise<HeldNotebook> {
  const held = new HeldNotebook(server().place, `${name}.ipynb`);
  await lab().openTab(`${name}.ipynb`);
  await lab().openPanel(`${name}.ipynb`);
  await lab().submit();
  await lab().job(name, 'running');
  return held;
}

test('the log of a job goes on while the job does', async () => {
  const held = await hold('talker');
  await lab().choose(lab().jobs('talker'), 'Log');
  const log = lab().page.getByRole('log', { name: 'talker: log' });
  await expect(log).toContainText('Cell 1 of 1');
  await expect(log).not.toContainText('have ended');
  held.release();
  await expect(log).toContainText('Kernel and engines have ended');
});

test('the script of a job is shown as it was submitted', async () => {
  const held = await hold('scripted');
  await lab().choose(lab().jobs('scripted'), 'Script');
  const script = lab().page.getByRole('region', { name: 'scripted: script' });
  await expect(script).toHaveText(/^#!\/usr\/bin\/env bash\s/);
  const id = await lab().jobs('scripted').getAttribute('data-job');
  await expect(script).toContainText(`JUPYTERLAB_SUBMIT_JOB=${id}`);
  held.release();
});

test('the Running panel lists the jobs that are not over, and cancels them', async () => {
  await hold('listed');
  await lab()
    .page.getByRole('tab', { name: /^Running/ })
    .click();
  const section = lab().page.getByRole('region', { name: 'Cluster jobs Section' });
  const entry = section.getByRole('treeitem', { name: /listed/ });
  await expect(entry).toContainText(/cell 1 of 1.* of 1 h/);
  await entry.hover();
  await entry.getByTitle('Cancel').click();
  await lab().job('listed', 'cancelled');
  await expect(entry).toBeHidden();
});
