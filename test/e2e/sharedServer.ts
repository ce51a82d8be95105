import { test } from '@playwright/test';
import { JupyterServer, type ServerOptions } from './server';

/**
 * Starts a server before the tests of this file and ends it after them; gives what gives it. A `place` of its own is
 * made by `options`, because a file is also read to see which tests it has.
 */
export function sharedServer(options: () => ServerOptions = () => ({})): () => JupyterServer {
  let server: JupyterServer | null = null;
  test.beforeAll(async () => {
    server = await JupyterServer.start(options());
  });
  test.afterEach(async () => {
    const info = test.info();
    if (server && info.status !== info.expectedStatus) {
      await info.attach('jupyter.log', { body: server.log, contentType: 'text/plain' });
    }
  });
  test.afterAll(() => server?.end());
  return () => {
    if (!server) {
      throw new Error('There is no server outside of tests.');
    }
    return server;
  };
}
