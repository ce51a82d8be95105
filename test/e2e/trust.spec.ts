import { expect, test } from '@playwright/test';
import path from 'node:path';
import { writeFarJob } from './oldJobs';
import { Place } from './place';
import { sharedLab } from './sharedLab';
import { sharedServer } from './sharedServer';

/** A result as a hostile cluster would have it: it runs as soon as it is shown. */
const HOSTILE = JSON.stringify({
  cells: [
    {
      cell_type: 'code',
      execution_count: 1,
      id: 'a',
      metadata: { trusted: true },
      outputs: [
        {
          output_type: 'display_data',
          metadata: {},
          data: {
            'text/html':
              '<p class="theirs">a plot</p><img src="data:," onerror="window.ran = true">'
          }
        }
      ],
      source: "print('harmless')"
    }
  ],
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5
});

let result = '';
const server = sharedServer(() => {
  const place = new Place();
  place.writeNotebook('far.ipynb', "print('harmless')");
  result = writeFarJob(place, 'far.ipynb', 'hpc').result.notebook ?? '';
  place.write(result, HOSTILE);
  return { place };
});
const lab = sharedLab(server);

test('what a cluster answers does not run in the page until the person says so', async () => {
  await lab().openTab('far.ipynb');
  await lab().trust();
  await lab().openPanel();
  const row = await lab().job('done-0', 'succeeded');
  await row.getByRole('button', { name: 'Open result' }).click();
  await expect(lab().tab(path.basename(result))).toHaveAttribute('aria-selected', 'true');
  await expect(lab().notebook.locator('.theirs')).toHaveText('a plot');
  const bar = lab().page.getByRole('region', { name: 'Trust in this result' });
  await expect(bar).toContainText('From hpc: parts of this result would run scripts');
  await lab().screenshot('trust-asked');
  const ran = (): Promise<unknown> => lab().page.evaluate(() => Reflect.get(window, 'ran'));
  expect(await ran()).toBeUndefined();

  await bar.getByRole('button', { name: 'Trust this result' }).click();
  await expect.poll(ran).toBe(true);
  await expect(bar).toBeHidden();
});
