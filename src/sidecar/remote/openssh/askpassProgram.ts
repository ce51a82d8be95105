import { writeFile } from 'node:fs/promises';
import { quote } from '../../../shell/quote';

/**
 * What ssh starts to ask something (ssh(1), SSH_ASKPASS): hands the question to the service, and prints its answer. Where there
 * is none, it ends the ssh that asks before it ends itself, because ssh would take an empty answer and send it. Plain JavaScript
 * for the Node that runs the service.
 */
const PROGRAM = `'use strict';
const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const { connect } = require('node:net');
const [, , socket, prompt] = process.argv;
const parent = process.ppid;
const isOver = () => process.ppid !== parent;
const nameOf = pid => {
  try {
    return readFileSync('/proc/' + pid + '/comm', 'utf8');
  } catch {
    return execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' });
  }
};
const isSsh = () => {
  try {
    return /(^|\\/)ssh$/.test(nameOf(parent).trim());
  } catch {
    return false;
  }
};
const giveUp = () => {
  if (!isOver() && isSsh()) {
    process.kill(parent, 'SIGTERM');
  }
  let checks = 0;
  setInterval(() => {
    checks += 1;
    if (isOver() || checks > 1000) {
      process.exit(1);
    }
  }, 10);
};
setInterval(() => isOver() && process.exit(1), 500);
let said = '';
const service = connect(socket).setEncoding('utf8');
service.once('connect', () => {
  const hint = process.env['SSH_ASKPASS_PROMPT'] || '';
  service.write(JSON.stringify({ prompt, hint, parent }) + '\\n');
});
service.on('error', () => undefined);
service.on('data', text => {
  said += text;
});
service.once('close', () => {
  if (!said.endsWith('\\n')) {
    giveUp();
    return;
  }
  process.stdout.write(JSON.parse(said).answer + '\\n', () => process.exit(0));
});
`;

/**
 * Writes the program. Without a question it ends at once, and well.
 *
 * @param file Its path; only its owner can read and start it.
 * @param socket Where it hands its questions to.
 */
export async function writeAskpass(file: string, socket: string): Promise<void> {
  const program = `${file}.cjs`;
  await writeFile(program, PROGRAM, { mode: 0o600 });
  const start = [process.execPath, program, socket].map(quote).join(' ');
  const script = `#!/bin/sh\n[ "$#" -gt 0 ] || exit 0\nunset NODE_OPTIONS\nexec ${start} "$1"\n`;
  await writeFile(file, script, { mode: 0o700 });
}
