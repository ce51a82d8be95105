import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, onTestFinished } from 'vitest';
import type { KeyPair } from '../ssh2/keys';
import type { Hpc } from './hpc';

/** An agent of this test that has these keys; gives its socket. */
export async function agentOf(hpc: Hpc, ...keys: KeyPair[]): Promise<string> {
  const socket = hpc.file('agent');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  onTestFinished(async () => {
    agent.kill();
    await once(agent, 'exit');
  });
  await expect.poll(() => existsSync(socket), { timeout: 5000 }).toBe(true);
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  keys.forEach(({ file }) => execFileSync('ssh-add', ['-q', file], { env, stdio: 'pipe' }));
  return socket;
}
