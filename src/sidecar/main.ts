import { closeSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ProblemError } from '../api/problem';
import { english } from '../api/translation';
import { problemWords } from '../words';
import { runSidecar } from './sidecar';
import { startThreads } from './process/threads';

const {
  values: { words, ...options }
} = parseArgs({
  options: {
    socket: { type: 'string', default: '' },
    data: { type: 'string', default: '' },
    runner: { type: 'string', default: '' },
    unlocked: { type: 'string' },
    words: { type: 'string' }
  }
});
if ([options.socket, options.data, options.runner].includes('')) {
  process.stderr.write('usage: sidecar --socket FILE --data FOLDER --runner FILE\n');
  process.exitCode = 2;
} else {
  startThreads();
  let starter = words === undefined ? null : Number(words);
  const started = (): void => {
    if (starter !== null) {
      closeSync(starter);
      starter = null;
    }
  };
  runSidecar({ ...options, started }).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    if (starter !== null && error instanceof ProblemError) {
      // Whoever starts us may have no other way to hear of it: a log on a full disk stays empty.
      const { advice, title } = problemWords(error.problem, english);
      writeSync(starter, `${title} ${advice}`);
    }
    process.exit(1);
  });
}
