import type { Translator } from '../api/translation';
import type { TransportChoice } from '../api/transport';

/** What a connection is made with, and why: `OpenSSH (a certificate: /home/ada/.ssh/id-cert.pub)`. */
export function transportWords(choice: TransportChoice, trans: Translator): string {
  const made = madeWords(choice, trans);
  return choice.alone === undefined
    ? made
    : trans.__('%1, in one session, as ssh cannot multiplex here: %2', made, choice.alone);
}

function madeWords({ detail, reason, transport }: TransportChoice, trans: Translator): string {
  const name = transport === 'openssh' ? 'OpenSSH' : 'ssh2';
  const why = reasonWords(reason, trans);
  if (why === '') {
    return name;
  }
  return detail === ''
    ? trans.__('%1 (%2)', name, why)
    : trans.__('%1 (%2: %3)', name, why, detail);
}

function reasonWords(reason: TransportChoice['reason'], trans: Translator): string {
  switch (reason) {
    case 'usual':
      return '';
    case 'setting':
      return trans.__('as the settings say');
    case 'connection':
      return trans.__('through a connection of your own ssh');
    case 'option':
      return trans.__('an option of the SSH configuration');
    case 'certificate':
      return trans.__('a certificate');
    case 'authority':
      return trans.__('a certificate authority knows the host');
    case 'ticket':
      return trans.__('a Kerberos ticket');
    case 'security-key':
      return trans.__('a security key');
    case 'pkcs11':
      return trans.__('a PKCS#11 token');
    case 'algorithms':
      return trans.__('no algorithm in common with ssh2');
    default:
      return reason satisfies never;
  }
}
