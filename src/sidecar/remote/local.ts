import { hostname } from 'node:os';
import { runChild } from './child';
import type { Remote } from './remote';

/** This machine, reached by starting bash. A command goes on when the sidecar ends, as it would over SSH. */
export const local: Remote = {
  where: hostname(),
  run: command =>
    runChild(
      {
        argv: ['/usr/bin/env', 'bash'],
        environment: command.environment ?? process.env,
        cluster: 'This machine'
      },
      command
    )
};
