import { describe, expect, it } from 'vitest';
import type { FieldProblem } from '../../../src/api/field';
import { type Problem, problem } from '../../../src/api/problem';
import type { CheckAnswer } from '../../../src/api/routes';
import { english } from '../../../src/api/translation';
import { showPreview } from '../../../src/lab/views/showPreview';
import { TextPane } from '../../../src/lab/views/textPane';
import { checkAnswer } from '../form/formWorld';

/** A form that answers as a test says, once it was asked. */
class AskedForm {
  fields: readonly FieldProblem[] = [];
  check: CheckAnswer | null = null;
  problem: Problem | null = null;
  saved: boolean | undefined;

  constructor(private readonly answer: Partial<Pick<AskedForm, 'check' | 'fields' | 'problem'>>) {}

  ask({ save }: { save?: boolean } = {}): Promise<void> {
    this.saved = save;
    Object.assign(this, this.answer);
    return Promise.resolve();
  }
}

async function shown(form: AskedForm): Promise<{ words: string; text: string }> {
  const pane = new TextPane({ label: 'analysis: script preview' });
  const showing = showPreview(pane, form, english);
  const words = (): string => pane.node.querySelector('[role="status"]')?.textContent ?? '';
  expect(words()).toBe('Saving the notebook, and asking what would be submitted…');
  await showing;
  return { words: words(), text: pane.text };
}

describe('the preview of the script', () => {
  it('shows what would be submitted, in words and as it is, once the notebook is saved', async () => {
    const check = checkAnswer({
      files: [{ path: 'data/a.csv', bytes: 2_000_000, why: 'literal' }],
      notTaken: [
        { literal: '/data/big.h5', cell: 3 },
        { literal: '../b.csv', cell: 0 }
      ],
      skipped: [{ cell: 4, file: null, named: null }]
    });
    const form = new AskedForm({ check });
    expect(await shown(form)).toEqual({
      text: check.script,
      words: [
        'analysis on This machine: 4 engines, at most 2 h.',
        'Takes 1 file along, 2.0 MB:',
        '  data/a.csv  2.0 MB  named in the notebook',
        'Not taken along: /data/big.h5 (cell 3)',
        'Not taken along: ../b.csv',
        'Not looked into: cell 4'
      ].join('\n')
    });
    expect(form.saved).toBe(true);
  });

  it('says which fields are wrong', async () => {
    const fields = [{ field: 'time', code: 'time-format' as const, values: { given: '90' } }];
    expect(await shown(new AskedForm({ fields }))).toMatchObject({
      text: '',
      words: 'Time: "90" has no unit: write 90m, 2h or 48:00:00'
    });
  });

  it('says what went wrong', async () => {
    const why = problem('server-silent', {}).problem;
    const { words } = await shown(new AskedForm({ problem: why }));
    expect(words).toContain('The Jupyter server does not answer.');
  });
});
