import AxeBuilder from '@axe-core/playwright';
import { type Page, expect, test } from '@playwright/test';

const THEMES = ['JupyterLab Light', 'JupyterLab Dark', 'JupyterLab Dark High Contrast'];
/** What all of them take at most on a busy machine, in milliseconds. */
const THEMES_TAKE = 60_000;

/** Asks axe about a part of the page in each theme, and does what a test wants there; `text` is one that stands there. */
export async function looksRight(
  page: Page,
  part: string,
  text: string,
  inTheme: (theme: string) => Promise<void> = () => Promise.resolve()
): Promise<void> {
  // Some tests do this several times.
  test.setTimeout(test.info().timeout + THEMES_TAKE);
  // Lab's body has no height and hides what flows over: axe would take all text for hidden, and look at none.
  await page.addStyleTag({ content: 'body { height: 100vh }' });
  for (const theme of THEMES) {
    await page.evaluate(
      name => window.jupyterapp.commands.execute('apputils:change-theme', { theme: name }),
      theme
    );
    await expect(page.locator('body')).toHaveAttribute('data-jp-theme-name', theme);
    // Over all of it until the theme is there: what lies below it has no colors for axe.
    await page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
    await inTheme(theme);
    // The buttons of toolbars are Lab's own; axe wants no `aria-pressed` on them.
    const { passes, violations } = await new AxeBuilder({ page })
      .include(part)
      .exclude('jp-button')
      .analyze();
    const severe = violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ nodes }) =>
        nodes.map(({ failureSummary, html }) => `${html}\n${failureSummary}`)
      );
    expect.soft(severe, theme).toEqual([]);
    const readable = passes.find(({ id }) => id === 'color-contrast')?.nodes ?? [];
    expect(readable.map(({ html }) => html).join('\n'), theme).toContain(text);
  }
}
