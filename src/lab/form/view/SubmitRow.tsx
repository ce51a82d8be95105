import type { Translator } from '../../../api/translation';
import { CommandIDs } from '../../commandIDs';
import { ProblemView } from '../../parts/ProblemView';
import type { SubmitStep } from '../../tokens';
import { WarningIcon } from '../../parts/WarningIcon';
import { isChecked } from '../model/checkedProblems';
import { findChoice } from '../model/drafts';
import { textIn } from '../model/fieldValue';
import type { FormParts } from './formParts';
import { planLine } from './planLine';
import { problemActions } from './problemActions';
import { strayProblems } from '../model/strayProblems';

/** What is going to happen, the button that makes it happen, and how that goes. */
export function SubmitRow(parts: FormParts) {
  const { checks, clusters, commands, form, trans } = parts;
  const choice = findChoice(clusters, textIn(form.values, 'cluster'));
  const isBusy = form.step !== 'idle';
  // Its line is free before it is known, so that the buttons stay where they are.
  const isToCome =
    form.notebook !== null && form.problem === null && (choice?.problem ?? null) === null;
  return (
    <div className="jp-SubmitRow">
      <p className="jp-SubmitRow-plan">
        {planLine(form, choice, trans) || (isToCome ? '\u00a0' : '')}
      </p>
      {strayProblems(form.fields, choice?.fields ?? [], trans).map(words => (
        <p key={words} className="jp-SubmitField-wrong">
          <WarningIcon label={trans.__('Wrong:')} />
          <span>{words}</span>
        </p>
      ))}
      {form.problem !== null && !isChecked(checks.current, form.problem) && (
        <ProblemView
          problem={form.problem}
          trans={trans}
          actions={problemActions(form.problem, parts)}
        />
      )}
      <div className="jp-SubmitRow-buttons">
        <button
          type="submit"
          className="jp-mod-styled jp-mod-accept"
          disabled={form.notebook === null}
          aria-disabled={isBusy || form.notebook === null}
        >
          {stepWords(form.step, trans)}
        </button>
        <button
          type="button"
          className="jp-SubmitForm-link"
          disabled={form.notebook === null}
          onClick={() => void commands.execute(CommandIDs.previewScript)}
        >
          {trans.__('Preview script')}
        </button>
      </div>
      <div className="jp-sr-only" aria-live="polite">
        {isBusy && stepWords(form.step, trans)}
      </div>
    </div>
  );
}

function stepWords(step: SubmitStep, trans: Translator): string {
  switch (step) {
    case 'idle':
      return trans.__('Submit');
    case 'saving':
      return trans.__('Saving…');
    case 'submitting':
      return trans.__('Submitting…');
    case 'submitted':
      return trans.__('Submitted');
  }
}
