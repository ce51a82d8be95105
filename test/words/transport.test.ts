import { expect, test } from 'vitest';
import { TRANSPORT_REASONS, transportIn } from '../../src/api/transport';
import { checkedWords } from '../../src/words/clusterCheck';
import { transportWords } from '../../src/words/transport';
import { strict } from './strict';

const CHECK = {
  name: 'hpc',
  title: 'hpc',
  scheduler: 'slurm',
  parts: [],
  queues: [],
  accounts: [],
  qos: []
};

/** What the check of a connection says. */
function words(values: Record<string, string>): string {
  const part = { what: 'reachable' as const, values: { host: 'login1', ...values }, problem: null };
  return checkedWords(part, CHECK, strict);
}

test('a check says what a connection was made with, and why', () => {
  expect(words({ transport: 'ssh2', reason: 'usual', detail: '' })).toBe('login1, by ssh2');
  const certificate = {
    transport: 'openssh',
    reason: 'certificate',
    detail: '/home/ada/id-cert.pub'
  };
  expect(words(certificate)).toBe('login1, by OpenSSH (a certificate: /home/ada/id-cert.pub)');
  expect(words({ ...certificate, alone: 'unknown option -- M' })).toBe(
    'login1, by OpenSSH (a certificate: /home/ada/id-cert.pub), in one session, as ssh cannot multiplex here: unknown option -- M'
  );
  const setting = { transport: 'openssh', reason: 'setting', detail: '' };
  expect(words(setting)).toBe('login1, by OpenSSH (as the settings say)');
});

test('a check of this machine, or with a reason that only a newer service knows, names the host', () => {
  expect(words({})).toBe('login1');
  expect(words({ transport: 'openssh', reason: 'telepathy', detail: '' })).toBe('login1');
  expect(transportIn({ host: 'login1' })).toBeNull();
});

test('each reason has words of its own', () => {
  const all = TRANSPORT_REASONS.map(reason =>
    transportWords({ transport: 'openssh', reason, detail: '' }, strict)
  );
  expect(new Set(all).size).toBe(TRANSPORT_REASONS.length);
});
