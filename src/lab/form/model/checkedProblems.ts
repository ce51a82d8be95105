import { checkProblems } from '../../../api/clusterCheck';
import type { Problem } from '../../../api/problem';
import { needsSignIn } from '../../../api/signIn';
import type { CheckState } from '../../tokens';

/** What the check of a cluster has found wrong, or what came in its way. */
export function checkedProblems({ check, problem }: CheckState): Problem[] {
  return problem !== null ? [problem] : check === null ? [] : checkProblems(check);
}

/** Whether the check says just this already, or also waits for the person to sign in, so that it need not be said twice. */
export function isChecked(state: CheckState, { code, values }: Problem): boolean {
  const text = JSON.stringify(values);
  return checkedProblems(state).some(
    other =>
      (other.code === code && JSON.stringify(other.values) === text) ||
      (needsSignIn(other.code) && needsSignIn(code))
  );
}
