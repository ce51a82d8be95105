import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type BrowserContext, type Locator, type Page, expect, test } from '@playwright/test';
import { makeKey } from '../sidecar/remote/ssh2/keys';
import { AskingServer, type Account } from './askingServer';
import { HeldNotebook } from './heldNotebook';
import { LabPage } from './labPage';
import { looksRight } from './looksRight';
import { PROJECT, Place } from './place';
import { sharedServer } from './sharedServer';

/** Found nowhere else by accident. */
const CODE = '918273645546';
const PASSWORD = 'correct horse';

const code: Account = {
  round: { prompts: [{ prompt: 'Verification code: ', echo: false }], right: [CODE] }
};

/** The accounts of the server, each with a host of its own in the SSH configuration. */
const ACCOUNTS = {
  code,
  windows: code,
  wrong: code,
  cancelled: code,
  slow: { ...code, graceMs: 5000 },
  unknown: code,
  changed: code,
  falls: code,
  outlives: code,
  locked: code,
  menu: {
    round: {
      name: 'Campus login',
      instruction:
        'Duo two-factor login for ada\n\n 1. Duo Push to XXX-XXX-1234\n 2. Phone call to XXX-XXX-1234\n 3. SMS passcodes\n',
      prompts: [
        { prompt: 'Password: ', echo: false },
        { prompt: 'Passcode or option (1-3): ', echo: true }
      ],
      right: [PASSWORD, '1']
    }
  }
} satisfies Record<string, Account>;

const place = (): Place => server().place;
const knownHosts = (host: string): string => path.join(place().home, `known_${host}`);

let ssh: AskingServer;
let fingerprint: string;

const server = sharedServer(() => {
  const made = new Place();
  const config = path.join(made.home, 'ssh_config');
  made.writeSettings('jupyterlab-submit:plugin', {
    clusters: Object.keys(ACCOUNTS).map(host => ({
      name: host,
      title: `Cluster ${host}`,
      host,
      scheduler: 'local',
      python: path.join(PROJECT, '.venv/bin/python')
    }))
  });
  return {
    place: made,
    environment: {
      JUPYTERLAB_SUBMIT_SSH_CONFIG: config,
      JUPYTERLAB_SUBMIT_LOGIN_PAUSE_SECONDS: '1'
    }
  };
});

test.beforeAll(async () => {
  const keys = path.join(place().home, 'keys');
  mkdirSync(keys);
  const key = makeKey(keys, 'host');
  const other = makeKey(keys, 'other');
  const lockedKey = makeKey(keys, 'locked', ['-t', 'ed25519'], PASSWORD);
  const accounts = { ...ACCOUNTS, locked: { ...code, key: lockedKey } };
  ssh = await AskingServer.start(key, accounts, place().environment);
  for (const name of ['plan', 'code', 'outlives']) {
    place().writeNotebook(`${name}.ipynb`, '1 + 1');
  }
  const at = `[127.0.0.1]:${ssh.port}`;
  const known: Record<string, string> = { unknown: '', changed: `${at} ${other.line}\n` };
  const hosts = Object.keys(ACCOUNTS).map(host => {
    writeFileSync(knownHosts(host), known[host] ?? `${at} ${key.line}\n`);
    const identity = host === 'locked' ? lockedKey.file : 'none';
    return `Host ${host}\n  User ${host}\n  UserKnownHostsFile ${knownHosts(host)}\n  IdentityFile ${identity}`;
  });
  const all = `Host *
  HostName 127.0.0.1
  Port ${ssh.port}
  IdentityAgent none
  GlobalKnownHostsFile none
`;
  writeFileSync(path.join(place().home, 'ssh_config'), `${hosts.join('\n')}\n${all}`);
  // As `ssh-keygen -l` writes it.
  const hash = createHash('sha256').update(key.blob).digest('base64');
  fingerprint = `SHA256:${hash.replace(/=+$/, '')}`;
});

test.afterAll(() => ssh?.stop());

let context: BrowserContext;
let first: LabPage;
const lab = (): LabPage => first;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext();
  first = new LabPage(await context.newPage(), server());
  await first.open();
});
test.beforeEach(() => lab().hideNotices());
test.afterEach(() => expect(unexpected(lab())).toEqual([]));
test.afterAll(() => context.close());

/** What the console says in red, but for what a browser itself says of an answer that is a problem. */
function unexpected({ errors }: LabPage): string[] {
  return errors.filter(text => !/^Failed to load resource: .* 502 \(Bad Gateway\)/.test(text));
}

/** Chooses a host in the form of a notebook; one for all tests that run nothing, as each has a kernel. */
async function choose(host: string, file = 'plan.ipynb'): Promise<void> {
  await lab().openTab(file);
  await lab().openPanel(file);
  await lab().form.getByLabel('Cluster', { exact: true }).selectOption(host);
}

const dialogOf = (page: Page): Locator => page.getByRole('dialog');
const status = (): Locator => lab().form.locator('.jp-SubmitForm-status');
/** Waits until the form says so; what it said of the notebook before may still be there for a moment. */
const isTold = (words: string | RegExp): Promise<void> =>
  expect(lab().form.getByRole('alert').filter({ hasText: words }).first()).toBeVisible();
const signIn = (): Promise<void> =>
  lab().form.getByRole('button', { name: 'Sign in', exact: true }).click();

/** Chooses a host that asks, and presses *Sign in*; its dialog. */
async function beginSignIn(host: string, file?: string): Promise<Locator> {
  await choose(host, file);
  await isTold(new RegExp(`^${host} asks ${host} for a password or a code`));
  await expect(dialogOf(lab().page)).toHaveCount(0);
  await signIn();
  const dialog = dialogOf(lab().page);
  await expect(dialog).toHaveAccessibleName(`Sign in to ${host}`);
  await expect(dialog).toContainText(`${host}@127.0.0.1 asks:`);
  await expect(dialog.getByLabel('Verification code:')).toBeFocused();
  return dialog;
}

test('a code that a host asks for is answered in a dialog, once, and kept nowhere', async () => {
  const dialog = await beginSignIn('code', 'code.ipynb');
  const { page } = lab();
  await expect(dialog.getByRole('timer')).toHaveText(/^Time left: [12]:\d\d$/);
  await expect(dialog.getByLabel('Verification code:')).toHaveAttribute('type', 'password');
  await page.keyboard.type(CODE);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(status()).toHaveText('Ready');

  await lab().submit();
  const row = await lab().job('code', 'succeeded');
  await lab().resultOf(row);
  await expect(dialog).toHaveCount(0);
  expect(ssh.answers.filter(([account]) => account === 'code')).toEqual([['code', true]]);
  const all = path.dirname(place().home);
  expect(spawnSync('grep', ['-rlF', CODE, all], { encoding: 'utf8' }).stdout).toBe('');
  const stored = await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]));
  expect(stored).not.toContain(CODE);
});

test('windows of Lab and Notebook 7 show what a host asks, and an answer in one takes it out of the other', async () => {
  const other = new LabPage(await context.newPage(), server());
  await other.openNotebook7('code.ipynb');
  const dialog = await beginSignIn('windows');
  await lab().page.keyboard.type('12');
  const elsewhere = dialogOf(other.page);
  await expect(elsewhere).toHaveAccessibleName('Sign in to windows');
  await elsewhere.getByLabel('Verification code:').fill(CODE);
  await elsewhere.getByRole('button', { name: 'Answer' }).click();
  await expect(elsewhere).toHaveCount(0);
  await expect(dialog).toHaveCount(0);
  await expect(status()).toHaveText('Ready');
  expect(ssh.answers.filter(([account]) => account === 'windows')).toEqual([['windows', true]]);
  expect(unexpected(other)).toEqual([]);
  await other.page.close();
});

test('a wrong code is said, and no other is sent before the person wants it', async () => {
  const dialog = await beginSignIn('wrong');
  await lab().page.keyboard.type('000000');
  await lab().page.keyboard.press('Enter');
  await isTold('wrong did not take what was answered for wrong.');
  await expect(dialog).toHaveCount(0);
  expect(ssh.answers.filter(([account]) => account === 'wrong')).toEqual([['wrong', false]]);
  await signIn();
  await dialog.getByLabel('Verification code:').fill(CODE);
  await dialog.getByRole('button', { name: 'Answer' }).click();
  await expect(status()).toHaveText('Ready');
});

test('who cancels is asked again only at their wish', async () => {
  const dialog = await beginSignIn('cancelled');
  await lab().page.keyboard.type('12');
  await lab().page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await isTold('Signing in to cancelled was cancelled.');
  await signIn();
  await expect(dialog.getByLabel('Verification code:')).toHaveValue('');
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await isTold('Signing in to cancelled was cancelled.');
  expect(ssh.answers.filter(([account]) => account === 'cancelled')).toEqual([]);
});

test('a question goes when the host waits no longer for its answer', async () => {
  const dialog = await beginSignIn('slow');
  await expect(dialog).toHaveCount(0);
  await isTold('Nobody answered what slow asked in time.');
});

test('an unknown host shows its key, and is known once the person has accepted it', async () => {
  await choose('unknown');
  await isTold(`unknown is not known yet; its key is ssh-ed25519 ${fingerprint}.`);
  await signIn();
  const dialog = dialogOf(lab().page);
  await expect(dialog).toHaveAccessibleName('Sign in to unknown: is this the right host?');
  await expect(dialog.locator('dd')).toHaveText([
    'ssh-ed25519',
    fingerprint,
    `[127.0.0.1]:${ssh.port}`
  ]);
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused();
  await looksRight(lab().page, '.jp-SubmitQuestionDialog', fingerprint, theme =>
    lab().screenshot(`sign-in-host-key-${theme}`)
  );
  expect(readFileSync(knownHosts('unknown'), 'utf8')).toBe('');
  await dialog.getByRole('button', { name: 'Accept' }).click();
  await dialog.getByLabel('Verification code:').fill(CODE);
  await lab().page.keyboard.press('Enter');
  await expect(status()).toHaveText('Ready');
  expect(readFileSync(knownHosts('unknown'), 'utf8')).toContain(`[127.0.0.1]:${ssh.port} ssh-ed`);
});

test('a host with another key than before is refused, and there is nothing to accept', async () => {
  await choose('changed');
  await isTold('changed shows another key than before');
  await expect(lab().form.getByRole('button', { name: 'Sign in', exact: true })).toHaveCount(0);
  await lab().form.getByRole('button', { name: 'Check again' }).click();
  await isTold('changed shows another key than before');
  await expect(dialogOf(lab().page)).toHaveCount(0);
  expect(ssh.answers.filter(([account]) => account === 'changed')).toEqual([]);
});

test('a job goes on when its connection falls, and waits for the person to sign in', async () => {
  const held = new HeldNotebook(place(), 'falls.ipynb');
  await choose('falls', 'falls.ipynb');
  await isTold(/^falls asks falls/);
  await lab().submit();
  const dialog = dialogOf(lab().page);
  await dialog.getByLabel('Verification code:').fill(CODE);
  await lab().page.keyboard.press('Enter');
  await expect(status()).toHaveText('Ready');
  const row = await lab().job('falls', 'running');
  await held.goesOn();

  ssh.cut('falls');
  await expect(row).toContainText('falls asks falls for a password or a code');
  const notice = lab().page.getByRole('alert').filter({ hasText: 'falls wants you to sign in' });
  await expect(notice).toBeVisible();
  await held.goesOn();
  await expect(row).toHaveAttribute('data-state', 'running');
  await expect(dialog).toHaveCount(0);
  await lab().screenshot('sign-in-fallen');

  await notice.getByRole('button', { name: 'Sign in' }).click();
  await dialog.getByLabel('Verification code:').fill(CODE);
  await lab().page.keyboard.press('Enter');
  await expect(row.getByRole('button', { name: 'Sign in' })).toHaveCount(0);
  await expect(row).not.toContainText('password or a code');
  await expect(notice).toHaveCount(0);
  held.release();
  await lab().resultOf(await lab().job('falls', 'succeeded'));
});

test('who has signed in is not asked again after JupyterLab was started anew', async () => {
  const dialog = await beginSignIn('outlives', 'outlives.ipynb');
  await lab().page.keyboard.type(CODE);
  await lab().page.keyboard.press('Enter');
  await expect(status()).toHaveText('Ready');
  await lab().page.goto('about:blank');
  await server().stop();
  await server().start();
  await lab().open();

  await choose('outlives', 'outlives.ipynb');
  await expect(status()).toHaveText('Ready');
  await lab().submit();
  await lab().job('outlives', 'succeeded');
  await expect(dialog).toHaveCount(0);
  expect(ssh.answers.filter(([account]) => account === 'outlives')).toEqual([['outlives', true]]);
});

test('what a host asks in several fields is shown as it came, and can be read by everybody', async () => {
  await choose('menu');
  await signIn();
  const dialog = dialogOf(lab().page);
  await expect(dialog).toContainText('Campus login');
  await expect(dialog).toContainText('2. Phone call to XXX-XXX-1234');
  await looksRight(lab().page, '.jp-SubmitQuestionDialog', 'Phone call', theme =>
    lab().screenshot(`sign-in-menu-${theme}`)
  );
  await dialog.getByLabel('Password:').fill(PASSWORD);
  await expect(dialog.getByLabel('Passcode or option (1-3):')).toHaveAttribute('type', 'text');
  await dialog.getByLabel('Passcode or option (1-3):').fill('1');
  await lab().page.keyboard.press('Enter');
  await expect(status()).toHaveText('Ready');
});

test('the passphrase of a key is asked for until it is right, and kept where the person wants that', async () => {
  await choose('locked');
  await isTold(/^The key .*locked for locked has a passphrase/);
  await signIn();
  const dialog = dialogOf(lab().page);
  await expect(dialog).toContainText('A key for locked@127.0.0.1 is locked:');
  await expect(dialog.getByLabel('Passphrase', { exact: true })).toBeFocused();
  await looksRight(lab().page, '.jp-SubmitQuestionDialog', 'is locked', theme =>
    lab().screenshot(`sign-in-passphrase-${theme}`)
  );
  await lab().page.keyboard.type('not this');
  await lab().page.keyboard.press('Enter');
  await expect(dialog).toContainText('That was not right. Please once more.');
  await lab().screenshot('sign-in-passphrase-again');
  await dialog.getByLabel('Passphrase', { exact: true }).fill(PASSWORD);
  await dialog.getByLabel('Keep the passphrase of this key').check();
  await dialog.getByRole('button', { name: 'Answer' }).click();
  await expect(status()).toHaveText('Ready');

  // The connection falls, and nobody is asked.
  ssh.cut('locked');
  await lab().form.getByRole('button', { name: 'Check Cluster locked' }).click();
  await expect(status()).toHaveText('Ready');
  await expect(dialog).toHaveCount(0);
});
