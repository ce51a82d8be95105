import { parseArgs } from 'node:util';
import { runSidecar } from './sidecar';
import { startThreads } from './threads';

const { values } = parseArgs({
  options: {
    socket: { type: 'string', default: '' },
    data: { type: 'string', default: '' },
    runner: { type: 'string', default: '' }
  }
});
if (Object.values(values).includes('')) {
  process.stderr.write('usage: sidecar --socket FILE --data FOLDER --runner FILE\n');
  process.exitCode = 2;
} else {
  startThreads();
  void runSidecar(values);
}
