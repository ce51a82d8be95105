import { type Interface, createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Typist } from './asking';

/** Somebody who types at this process's terminal; null where there is none. Prompts go to standard error. */
export function typistHere({ stderr, stdin }: NodeJS.Process): Typist | null {
  if (!stdin.isTTY || !stderr.isTTY) {
    return null;
  }
  return {
    type: (prompt, echo, over) =>
      new Promise((resolve, reject) => {
        // Readline writes each key that it takes: where nothing may be seen, into nothing.
        const output = echo ? stderr : new Writable({ write: (_chunk, _encoding, done) => done() });
        const line: Interface = createInterface({ input: stdin, output, terminal: true });
        const end = (settle: () => void): void => {
          over.removeEventListener('abort', leave);
          // Closing it says that nothing more comes.
          settle();
          line.close();
          stdin.pause();
        };
        const leave = (): void => end(() => reject(over.reason as Error));
        over.addEventListener('abort', leave);
        if (echo) {
          line.setPrompt(prompt);
          line.prompt();
        } else {
          stderr.write(prompt);
        }
        line.once('line', typed =>
          end(() => {
            if (!echo) {
              stderr.write('\n');
            }
            resolve(typed);
          })
        );
        line.once('SIGINT', () => {
          stderr.write('\n');
          end(() => resolve(null));
        });
        line.once('close', () => resolve(null));
      })
  };
}
