import { run } from './run';

// The exit code is set, not exited with: what was written to a pipe must still get through.
void run(process.argv.slice(2)).then(exitCode => {
  process.exitCode = exitCode;
});
