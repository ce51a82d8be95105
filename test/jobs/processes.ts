import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';

/** Seconds after a job's end in which its last process must have gone. */
const LONGEST_SECONDS = 10;

/** Fails when processes of a job are still there ten seconds after its end, which is now. */
export async function expectNoProcesses(id: string): Promise<void> {
  for (let waited = 0; waited < LONGEST_SECONDS && processesOf(id).length > 0; waited += 0.2) {
    await sleep(200);
  }
  expect(processesOf(id), `processes of job ${id}`).toEqual([]);
}

/** The processes that carry a job's id in their environment: process id and command line. */
export function processesOf(id: string): { pid: number; command: string }[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => read(pid, 'environ').split('\0').includes(`JUPYTERLAB_SUBMIT_JOB=${id}`))
    .map(pid => ({ pid: Number(pid), command: read(pid, 'cmdline').replaceAll('\0', ' ').trim() }));
}

/** Empty for a process that has gone, or is another person's. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
