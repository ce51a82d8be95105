import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { PROBLEMS, Problem, ProblemError, problem } from '../../src/api/problem';

describe('problem', () => {
  it('keeps code, values, details and the cause', () => {
    const cause = new Error('connect');
    const made = problem(
      'cluster-unreachable',
      { cluster: 'hpc' },
      { details: { output: 'x' }, cause }
    );
    expect(made).toBeInstanceOf(ProblemError);
    expect(made.problem).toEqual({
      code: 'cluster-unreachable',
      values: { cluster: 'hpc' },
      details: { output: 'x' }
    });
    expect(made.cause).toBe(cause);
    expect(made.message).toContain('hpc');
  });

  it('goes through JSON unchanged', () => {
    const { problem: wire } = problem(
      'invalid-fields',
      {},
      { fields: [{ field: 'cores', code: 'minimum', values: { minimum: 1 } }] }
    );
    expect(v.parse(Problem, JSON.parse(JSON.stringify(wire)))).toEqual(wire);
  });
});

/** The codes of which something is said in the table. */
function codes(is: (kind: { heals: string; lies: string }) => boolean): string[] {
  return Object.entries(PROBLEMS)
    .filter(([, kind]) => is(kind))
    .map(([code]) => code);
}

describe('PROBLEMS', () => {
  it('what nobody has to do anything about: nobody answers, or not everything is there yet', () => {
    expect(codes(({ heals }) => heals === 'by-itself')).toEqual([
      'job-not-over',
      'result-not-seen',
      'state-file-unreadable',
      'disk-silent',
      'host-not-found',
      'host-silent',
      'cluster-unreachable',
      'command-failed',
      'answer-unreadable',
      'scheduler-silent',
      'accounts-slow',
      'service-unavailable',
      'server-silent'
    ]);
  });

  it('what is in the way until a person has done something, so that no host is asked before', () => {
    expect(codes(({ heals, lies }) => heals === 'by-a-person' && lies === 'way')).toEqual([
      'ssh-missing',
      'ssh-config-invalid',
      'ssh-option',
      'host-key-unknown',
      'host-key-not-kept',
      'host-key-not-taken',
      'host-key-changed',
      'host-key-revoked',
      'host-key-revoked-by-file',
      'revoked-keys-unreadable',
      'host-key-short',
      'host-key-authority',
      'login-refused',
      'login-asks',
      'sign-in-cancelled',
      'sign-in-expired',
      'answer-refused',
      'password-expired',
      'certificate-expired',
      'ticket-missing',
      'key-locked'
    ]);
  });

  it('what is mended in the settings', () => {
    expect(codes(({ lies }) => lies === 'settings')).toEqual([
      'unknown-cluster',
      'cluster-settings',
      'settings-invalid',
      'no-scheduler',
      'several-schedulers',
      'transfer-host-apart'
    ]);
  });

  it('what was asked for is wrong until something else is asked for', () => {
    const kinds = codes(({ lies }) => lies === 'request' || lies === 'settings');
    const healing = codes(({ heals }) => heals !== 'with-another-request');
    expect(kinds.filter(code => healing.includes(code))).toEqual([]);
  });

  it('what lies on the way is over some day without another request', () => {
    expect(codes(({ heals, lies }) => lies === 'way' && heals === 'with-another-request')).toEqual(
      []
    );
  });
});
