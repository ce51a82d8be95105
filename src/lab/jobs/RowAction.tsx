import type { JobRecord } from '../../api/job';
import { type Problem, mayHeal } from '../../api/problem';
import { needsSignIn } from '../../api/signIn';
import { CommandIDs } from '../commandIDs';
import type { JobAction } from '../tokens';
import { ProblemView } from '../parts/ProblemView';
import { actionWords } from './actionWords';
import { type RowContext, runCommand } from './rowContext';

interface RowActionProps {
  job: JobRecord;
  context: RowContext;
  name: JobAction;
  /** Why it did not work; null while it is being done. */
  problem: Problem | null;
}

/** What is being done with a job at the person's wish, or why that did not work. */
export function RowAction({ context, job, name, problem }: RowActionProps) {
  const { jobs, trans } = context;
  if (problem === null) {
    return <output className="jp-SubmitJob-note">{actionWords(name, trans)}</output>;
  }
  return (
    <ProblemView
      problem={problem}
      trans={trans}
      actions={nextSteps(job, name, problem, context)}
      onDismiss={() => jobs.dismiss(job.id)}
    />
  );
}

function nextSteps(
  { id }: JobRecord,
  name: JobAction,
  problem: Problem,
  context: RowContext
): { label: string; run: () => void }[] {
  const { jobs, trans } = context;
  if (name === 'remove' && problem.code === 'result-not-fetched') {
    return [
      { label: trans.__('Fetch'), run: () => void jobs.act(id, 'fetch') },
      {
        label: trans.__('Remove anyway'),
        run: () => void jobs.act(id, 'remove', { evenResult: true })
      }
    ];
  }
  const again = (): void =>
    name === 'submit-again'
      ? runCommand(context, CommandIDs.submitAgain, { id })
      : void jobs.act(id, name);
  const label = needsSignIn(problem.code) ? trans.__('Sign in') : trans.__('Try again');
  return mayHeal(problem.code) ? [{ label, run: again }] : [];
}
