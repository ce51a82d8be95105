import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

/** Another process that has files to itself: opening one waits for it, in the kernel, up to 45 s (fcntl(2), F_SETLEASE). */
export interface Leases {
  /** Resolves when somebody waits. */
  broken(): Promise<void>;
  /** Gives all of them back. */
  end(): void;
}

// Not print: the signal may come while that is at work, and ends the process then.
const HOLD = `import fcntl, os, signal, sys
signal.signal(signal.SIGIO, lambda *_: os.write(1, b"broken\\n"))
files = [open(name, "r+") for name in sys.argv[1:]]
for file in files:
    fcntl.fcntl(file, fcntl.F_SETLEASE, fcntl.F_WRLCK)
os.write(1, b"held\\n")
while True:
    signal.pause()
`;

/** Until the end of the test; it stands for a network share whose server does not answer. */
export async function holdLeases(files: readonly string[]): Promise<Leases> {
  const holder = spawn('python3', ['-c', HOLD, ...files], { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = (): void => void holder.kill('SIGKILL');
  onTestFinished(end);
  const lines = createInterface({ input: holder.stdout });
  const first = once(lines, 'line');
  const second = first.then(() => once(lines, 'line'));
  second.catch(() => undefined);
  await first;
  return { broken: async () => void (await second), end };
}
