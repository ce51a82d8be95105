import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { makeTemp } from '../../../makeTemp';
import { type KeyPair, makeKey } from '../ssh2/keys';
import { Sshd, USER } from './sshd';

/** A host `hpc` of one test behind a real SSH server, with the key of a person whom it lets in. */
export class Hpc {
  readonly home = makeTemp();
  readonly hostKey: KeyPair;
  readonly id: KeyPair;
  readonly ca: KeyPair;

  constructor() {
    [this.hostKey, this.id, this.ca] = [
      makeKey(this.home, 'host'),
      makeKey(this.home, 'id'),
      makeKey(this.home, 'ca')
    ];
    this.admit(this.id);
  }

  /** Lets in one key, and no other. */
  admit(key: KeyPair): void {
    writeFileSync(this.file('authorized_keys'), `${key.line}\n`);
  }

  /** Starts its server. */
  start(settings: readonly string[] = [], name = 'sshd'): Promise<Sshd> {
    return Sshd.start(this.home, name, [
      ...settings,
      `HostKey ${this.hostKey.file}`,
      `AuthorizedKeysFile ${this.file('authorized_keys')}`
    ]);
  }

  /** A configuration with the host; `lines` count before the usual ones. */
  config(server: Pick<Sshd, 'port'>, ...lines: string[]): string {
    const known = this.file('usual_hosts');
    writeFileSync(known, `[127.0.0.1]:${server.port} ${this.hostKey.line}\n`);
    const all = [
      'Host hpc',
      ...lines,
      'HostName 127.0.0.1',
      `Port ${server.port}`,
      `UserKnownHostsFile ${known}`,
      'Host *',
      `User ${USER}`,
      'IdentityAgent none',
      `IdentityFile ${this.id.file}`,
      'GlobalKnownHostsFile none'
    ];
    const file = this.file('config');
    writeFileSync(file, `${all.join('\n')}\n`);
    return file;
  }

  /** Gives the person a certificate; `time` as ssh-keygen takes it. */
  certify(time: string): void {
    const argv = ['-q', '-s', this.ca.file, '-I', 'id', '-n', USER, '-V', time];
    execFileSync('ssh-keygen', [...argv, `${this.id.file}.pub`], { stdio: 'pipe' });
  }

  /** Gives its server a certificate for a name. */
  certifyHost(name: string): void {
    const argv = ['-q', '-s', this.ca.file, '-I', 'host', '-h', '-n', name, '-V', '-1h:+1d'];
    execFileSync('ssh-keygen', [...argv, `${this.hostKey.file}.pub`], { stdio: 'pipe' });
  }

  file(name: string): string {
    return path.join(this.home, name);
  }
}
