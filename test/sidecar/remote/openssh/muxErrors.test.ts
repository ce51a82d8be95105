import { expect, test } from 'vitest';
import { MuxErrors } from '../../../../src/sidecar/remote/openssh/muxErrors';

const BEFORE =
  'debug1: Reading configuration data none\r\ndebug2: mux_client_hello_exchange: master version 4\r\n';
const OPENED = 'debug1: mux_client_request_session: master session id: 2\r\n';
const LAST = 'debug2: Received exit status from master 7\r\n';

/** What passes of such pieces, and what is known then. */
async function pass(pieces: readonly string[]): Promise<{ text: string; errors: MuxErrors }> {
  const errors = new MuxErrors();
  let text = '';
  errors.on('data', (chunk: Buffer) => (text += chunk.toString()));
  pieces.forEach(piece => errors.write(piece));
  errors.end();
  await new Promise(resolve => errors.once('end', resolve));
  return { text, errors };
}

test.each([
  [['', ''], 7],
  [['err\n', ''], 7],
  [['no line end', ''], 7],
  [['debug2: Received exit status from master 0\r\n', ''], 7],
  [['a debug', ' d de debug2: Rec'], 7]
])('what ssh says around %j is told from it', async ([one = '', two = ''], exitCode) => {
  const whole = `${BEFORE}${OPENED}${one}${two}${LAST}`;
  const everyWhere = whole.split('');
  for (const pieces of [[whole], [BEFORE, OPENED, one, two, LAST], everyWhere]) {
    const { errors, text } = await pass(pieces);
    expect(text).toBe(`${one}${two}`);
    expect(errors.exitCode).toBe(exitCode);
    expect(await errors.opened).toBe(true);
  }
});

test('what a command says is passed on at once, but for what may be the last of ssh', async () => {
  const errors = new MuxErrors();
  let text = '';
  errors.on('data', (chunk: Buffer) => (text += chunk.toString()));
  errors.write(`${OPENED}debug this: a mark @@12\n`);
  await new Promise(setImmediate);
  expect(text).toBe('debug this: a mark @@12\n');
  errors.write('debug2: Received exit');
  await new Promise(setImmediate);
  expect(text).toBe('debug this: a mark @@12\n');
  errors.write(' hall\n');
  await new Promise(setImmediate);
  expect(text).toBe('debug this: a mark @@12\ndebug2: Received exit hall\n');
});

test('where there is no session, what ssh has said is all that there is', async () => {
  const words = `${BEFORE}mux_client_request_session: session request failed: Session open refused by peer\r\n`;
  const { errors, text } = await pass([words]);
  expect(text).toBe('');
  expect(await errors.opened).toBe(false);
  expect(errors.words).toBe(words);
});
