import { needsSignIn } from '../../../api/signIn';
import { checkedProblems } from '../model/checkedProblems';
import type { FormParts } from './formParts';

/** Logs in to the chosen cluster, with the person there to answer; what waited for it is asked again. Never rejects. */
export async function signIn({ checks, form }: Pick<FormParts, 'checks' | 'form'>): Promise<void> {
  await checks.ask();
  const isIn = !checkedProblems(checks.current).some(({ code }) => needsSignIn(code));
  if (isIn && form.problem !== null && needsSignIn(form.problem.code)) {
    await form.ask();
  }
}
