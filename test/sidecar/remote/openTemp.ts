import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTemp } from '../../makeTemp';
import { sealed } from '../../sealed';

/** A new folder that every account of this machine may write into; it goes when the tests of the file are over. */
export function makeOpenTemp(): string {
  const folder = makeTemp();
  chmodSync(folder, 0o777);
  return folder;
}

/** The variables of an account whose shells begin with these lines where sshd starts them (`~/.bashrc`). */
export function accountWith(startUp: string): Record<string, string> {
  const home = path.join(makeTemp(), 'home');
  mkdirSync(home);
  writeFileSync(path.join(home, '.bashrc'), `${startUp}\n`);
  return { ...sealed(home), SSH_CLIENT: '127.0.0.1 50000 22' };
}

/** The same where bash is started without sshd, and only its first one reads them (`BASH_ENV`). */
export function localAccountWith(startUp: string): Record<string, string> {
  const file = path.join(makeTemp(), 'start-up');
  writeFileSync(file, `unset BASH_ENV\n${startUp}\n`);
  return { ...sealed(path.dirname(file)), BASH_ENV: file };
}
