import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import type { Place } from './place';

/** A notebook whose job runs until the test lets it end, and can be asked whether it still does. */
export class HeldNotebook {
  private asked = 0;

  constructor(
    private readonly place: Place,
    private readonly file: string
  ) {
    place.writeNotebook(
      file,
      [
        'import os, time',
        // No path of a file, which would be taken for one that the job needs.
        `sign = os.path.join(os.environ['HOME'], ${JSON.stringify(this.name)}) + '-'`,
        'count = 0',
        `while not os.path.exists(sign + 'end'):`,
        `    if os.path.exists(sign + f'question{count}'):`,
        `        open(sign + f'answer{count}', 'w').close()`,
        '        count += 1',
        '    time.sleep(0.1)',
        `print('held, and let go')`
      ].join('\n')
    );
  }

  /** Lets the job end, and well. */
  release(): void {
    writeFileSync(this.sign('end'), '');
  }

  /** Waits until the job itself has shown that it goes on. */
  async goesOn(): Promise<void> {
    const count = this.asked++;
    writeFileSync(this.sign(`question${count}`), '');
    await expect
      .poll(() => existsSync(this.sign(`answer${count}`)), `the job of ${this.file} goes on`)
      .toBe(true);
  }

  private get name(): string {
    return this.file.replace(/\W/g, '-');
  }

  private sign(word: string): string {
    return path.join(this.place.home, `${this.name}-${word}`);
  }
}
