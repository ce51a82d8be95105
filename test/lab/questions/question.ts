import type { Question } from '../../../src/api/question';

/** A question for a code, and what a test changes of it; the fake clock begins at 1,000,000 ms. */
export function question(change: Partial<Question> = {}): Question {
  return {
    id: '11111111-2222-3333-4444-555555555555',
    host: 'hpc',
    kind: 'prompts',
    asker: 'ada@login.hpc.example',
    name: '',
    instruction: '',
    prompts: [{ text: 'Verification code: ', echo: false }],
    key: null,
    file: null,
    isRepeated: false,
    mayKeep: false,
    expires: 1_120_000,
    ...change
  };
}

/** Whether this is the right host. */
export function hostKeyQuestion(change: Partial<Question> = {}): Question {
  return question({
    kind: 'host-key',
    prompts: [],
    key: {
      type: 'ssh-ed25519',
      fingerprint: 'SHA256:Zm9yIGEgdGVzdCBvbmx5IDEyMzQ1Njc4OTAxMjM0NTY',
      address: 'login.hpc.example (10.1.2.3)'
    },
    ...change
  });
}
