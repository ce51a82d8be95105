import { type Page, expect, test } from '@playwright/test';
import { HeldNotebook } from './heldNotebook';
import { LabPage } from './labPage';
import { sharedServer } from './sharedServer';

const server = sharedServer();

test('a job is submitted and cancelled without a mouse', async ({ page }) => {
  new HeldNotebook(server().place, 'keys.ipynb');
  const lab = new LabPage(page, server());
  await lab.open('keys.ipynb');
  const { keyboard } = page;

  // Until its kernel is there, a notebook takes the focus whenever it likes.
  await expect(page.getByText('| Idle')).toBeVisible();
  // The panel is opened by its name, and the keyboard is where one begins to type.
  await keyboard.press('Control+Shift+C');
  await expect(page.locator('.lm-CommandPalette-input')).toBeFocused();
  await keyboard.type('Show Submit to cluster');
  await expect(page.locator('.lm-CommandPalette-item.lm-mod-active')).toContainText(
    'Show Submit to cluster'
  );
  await keyboard.press('Enter');
  await expect(lab.panel.getByLabel('Cores')).toBeFocused();
  await expect(lab.panel).toContainText('Ready');

  await keyboard.type('1');
  await keyboard.press('Shift+Tab');
  await keyboard.press('Shift+Tab');
  await expect(lab.panel.getByLabel('Cluster', { exact: true })).toBeFocused();
  const path: string[] = [];
  for (let stop = 0; stop < 7; stop += 1) {
    await keyboard.press('Tab');
    const name = await focused(page);
    path.push(name);
    expect(await showsFocus(page), `${name} shows that it has the focus`).toBe(true);
  }
  expect(path).toEqual([
    'Check This machine',
    'Cores',
    'Time',
    'More',
    // How many there are is said beside it as soon as the form has been checked.
    expect.stringMatching(/^Files/),
    'Submit',
    'Preview script'
  ]);

  await lab.panel.getByLabel('Time').focus();
  await keyboard.press('Control+a');
  await keyboard.type('5m');
  await keyboard.press('Enter');
  const row = await lab.job('keys', 'running');
  await expect(row).toContainText('of 5 min');
  await expect(lab.panel.getByLabel('Time')).toBeFocused();

  const menu = row.getByRole('button', { name: 'More for keys' });
  for (let stop = 0; stop < 10 && (await focused(page)) !== 'More for keys'; stop += 1) {
    await keyboard.press('Tab');
  }
  await expect(menu).toBeFocused();
  expect(await showsFocus(page)).toBe(true);
  await keyboard.press('Enter');
  const chosen = page.locator('.lm-Menu-item.lm-mod-active .lm-Menu-itemLabel');
  for (const entry of ['Log', 'Script', 'What happened when', 'Cancel']) {
    await expect(chosen).toHaveText(entry);
    await keyboard.press(entry === 'Cancel' ? 'Enter' : 'ArrowDown');
  }
  await expect(menu).toBeFocused();
  await lab.job('keys', 'cancelled');
  // The row has changed around it, and it is where it was.
  await expect(menu).toBeFocused();
  expect(lab.errors).toEqual([]);
});

/** The name of what has the focus, as people see it. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    const label = element?.id ? document.querySelector(`label[for="${element.id}"]`) : null;
    const words = element?.getAttribute('aria-label') ?? (label ?? element)?.textContent ?? '';
    return words.trim();
  });
}

/** Whether what has the focus looks otherwise than without it. */
function showsFocus(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!(element instanceof HTMLElement)) {
      return false;
    }
    const looks = (): string => {
      const { borderColor, boxShadow, outline, outlineStyle } = getComputedStyle(element);
      return [borderColor, boxShadow, outlineStyle === 'none' ? '' : outline].join();
    };
    const withFocus = looks();
    element.blur();
    const without = looks();
    element.focus();
    return withFocus !== without;
  });
}
