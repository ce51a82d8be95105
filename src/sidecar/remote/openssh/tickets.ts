import { execFile } from 'node:child_process';

/** Milliseconds that klist may take: its cache may be kept by a service. */
const LOOK_MS = 5000;

/** Whether the person has a Kerberos ticket whose time is not over (klist(1), -s). */
export function hasTicket(environment: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise(resolve => {
    execFile('klist', ['-s'], { env: environment, timeout: LOOK_MS }, error =>
      resolve(error === null)
    );
  });
}
