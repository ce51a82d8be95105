// A sidecar that only answers ping and quit, as FAKE_SIDECAR (JSON) says:
// version, protocol, name: what it answers; fail: a text that it prints before it ends with 7;
// words: what it tells whoever starts it, before it ends with 1; deaf: never listen; stubborn: answer quit, and stay; child: start a program that outlives it.
const { spawn } = require('node:child_process');
const { writeSync } = require('node:fs');
const { createServer } = require('node:http');

const plan = JSON.parse(process.env.FAKE_SIDECAR ?? '{}');
const socket = process.argv[process.argv.indexOf('--socket') + 1];

if (plan.words) {
  writeSync(Number(process.argv.at(-1)), plan.words);
  process.exit(1);
}
if (plan.fail) {
  console.error(plan.fail);
  process.exit(7);
}
if (plan.child) {
  spawn('sleep', [plan.child], { detached: true, stdio: 'ignore' }).unref();
}

const server = createServer((request, response) => {
  response.setHeader('Content-Type', 'application/json');
  if (request.method === 'POST' && request.url === '/api/quit') {
    response.end('{}');
    if (!plan.stubborn) {
      server.close(() => process.exit(0));
      server.closeAllConnections();
    }
    return;
  }
  const { name = 'jupyterlab-submit', version = '0.1.0', protocol = 2 } = plan;
  response.end(
    JSON.stringify({ name, version, protocol, pid: process.pid, argv: process.argv.slice(2) })
  );
});

if (plan.deaf) {
  setInterval(() => {}, 1000);
} else {
  server.listen(socket);
}
