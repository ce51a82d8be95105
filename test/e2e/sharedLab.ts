import { expect, test } from '@playwright/test';
import { LabPage } from './labPage';
import type { JupyterServer } from './server';

/**
 * Opens JupyterLab once for all tests of this file, which takes longer than most of them; gives what gives it. After a
 * test that fails there is a new one, as there is a new server.
 */
export function sharedLab(server: () => JupyterServer): () => LabPage {
  let lab: LabPage | null = null;
  test.beforeAll(async ({ browser }) => {
    const page = await browser.newPage();
    server().windows.push(page);
    lab = new LabPage(page, server());
    await lab.open();
  });
  test.beforeEach(() => lab?.hideNotices());
  test.afterEach(() => expect(lab?.errors).toEqual([]));
  return () => {
    if (!lab) {
      throw new Error('There is no JupyterLab outside of tests.');
    }
    return lab;
  };
}
