import type { Sentence } from './explanation';

/** What can stand between us and a host: its configuration, its key, the login, its shell. */
export const HOST_SENTENCES = {
  'ssh-missing': (value, trans) => ({
    title: trans.__('%1 cannot be reached: there is no ssh on this machine.', value('host')),
    advice: trans.__('Install OpenSSH (Debian: openssh-client), then try again.')
  }),
  'ssh-config-invalid': (value, trans) => ({
    title: trans.__('What the SSH configuration says of %1 is not right.', value('host')),
    advice: trans.__('The details name the line; put it right in ~/.ssh/config, then try again.')
  }),
  'ssh-option': (value, trans) => ({
    title: trans.__(
      'What the SSH configuration says of %1 protects it in a way that does not count here yet: %2.',
      value('host'),
      value('option')
    ),
    advice: trans.__(
      'Take it away for this host if it need not be, or submit from a terminal on the cluster.'
    )
  }),
  'host-not-found': (value, trans) => ({
    title: trans.__('There is no host named %1.', value('host')),
    advice: trans.__('Look for a typing error, and whether it needs a VPN, then try again.')
  }),
  'host-silent': (value, trans) => ({
    title: trans.__('%1 does not answer at %2.', value('host'), value('address')),
    advice: trans.__(
      'It may want a VPN, or the network of your institute; see whether ssh %1 works in a terminal. Jobs there go on meanwhile.',
      value('host')
    )
  }),
  'host-key-unknown': (value, trans) => ({
    title: trans.__('%1 is not known yet; its key is %2.', value('host'), value('fingerprint')),
    advice: trans.__(
      'Compare the key with the one that your cluster publishes. Then sign in and accept it, or run ssh %1 once in a terminal and try again.',
      value('host')
    )
  }),
  'host-key-not-kept': (value, trans) => ({
    title: trans.__(
      '%1 is not known; its key is %2. Your SSH configuration keeps no keys of hosts.',
      value('host'),
      value('fingerprint')
    ),
    advice: trans.__(
      'Compare the key with the one that your cluster publishes. Then sign in and accept it, each time; or let UserKnownHostsFile of ~/.ssh/config name a file.'
    )
  }),
  'host-key-not-taken': (value, trans) => ({
    title: trans.__(
      '%1 is not known, and your SSH configuration takes no new host; its key is %2.',
      value('host'),
      value('fingerprint')
    ),
    advice: trans.__(
      'Compare the key with the one that your cluster publishes. Then write it into known_hosts (ssh-keyscan %1 prints the line), or change StrictHostKeyChecking yes, or UserKnownHostsFile none, in ~/.ssh/config.',
      value('host')
    )
  }),
  'host-key-changed': (value, trans) => ({
    title: trans.__(
      '%1 shows another key than before, so nothing was sent. Its key is %2, known was %3.',
      value('host'),
      value('fingerprint'),
      value('known')
    ),
    advice: trans.__(
      'Somebody may stand in between, or the host was set up anew, or its name has several machines. Ask your cluster; if the new key is right, write it into %2, in the place of line %1 or, for one machine of several, beside it (ssh-keyscan %3 prints keys). Then try again.',
      value('line'),
      value('file'),
      value('host')
    )
  }),
  'host-key-revoked': (value, trans) => ({
    title: trans.__(
      '%1 shows a key that is marked as revoked (%2), so nothing was sent.',
      value('host'),
      value('fingerprint')
    ),
    advice: trans.__(
      'Line %1 of %2 says so. Ask your cluster for its present key.',
      value('line'),
      value('file')
    )
  }),
  'host-key-revoked-by-file': (value, trans) => ({
    title: trans.__(
      '%1 shows a key that is revoked (%2), so nothing was sent.',
      value('host'),
      value('fingerprint')
    ),
    advice: trans.__(
      'The file %1 has it, which RevokedHostKeys names. Ask your cluster for its present key.',
      value('file')
    )
  }),
  'revoked-keys-unreadable': (value, trans) => ({
    title: trans.__(
      '%1 was not contacted further: the file of revoked keys, %2, cannot be read.',
      value('host'),
      value('file')
    ),
    advice: trans.__(
      'RevokedHostKeys in the SSH configuration names it. Put it in its place, or name another.'
    )
  }),
  'host-key-short': (value, trans) => ({
    title: trans.__(
      '%1 shows an RSA key of %2 bits (%3), so nothing was sent.',
      value('host'),
      value('bits'),
      value('fingerprint')
    ),
    advice: trans.__(
      'RequiredRSASize in the SSH configuration asks for %1. Ask your cluster for another key.',
      value('required')
    )
  }),
  'host-key-authority': (value, trans) => ({
    title: trans.__(
      '%1 is known by a certificate authority only, which cannot be checked here. Its key is %2.',
      value('host'),
      value('fingerprint')
    ),
    advice: trans.__(
      'Line %1 of %2 names the authority. Compare the key with the one that your cluster publishes, and add it to ~/.ssh/known_hosts yourself (ssh-keyscan prints it).',
      value('line'),
      value('file')
    )
  }),
  'login-refused': (value, trans) => ({
    title: trans.__('%1 does not let %2 in.', value('host'), value('user')),
    advice: trans.__(
      'See whether ssh %1 works in a terminal without a question; the details say which keys were shown. Then try again.',
      value('host')
    )
  }),
  'login-asks': (value, trans) => ({
    title: trans.__('%1 asks %2 for a password or a code.', value('host'), value('user')),
    advice: trans.__(
      'Sign in: in JupyterLab, or with jupyter submit in a terminal. Jobs there go on meanwhile.'
    )
  }),
  'sign-in-cancelled': (value, trans) => ({
    title: trans.__('Signing in to %1 was cancelled.', value('host')),
    advice: trans.__('Sign in to go on. Jobs there go on meanwhile.')
  }),
  'sign-in-expired': (value, trans) => ({
    title: trans.__('Nobody answered what %1 asked in time.', value('host')),
    advice: trans.__('Sign in to go on. Jobs there go on meanwhile.')
  }),
  'answer-refused': (value, trans) => ({
    title: trans.__('%1 did not take what was answered for %2.', value('host'), value('user')),
    advice: trans.__('Sign in once more. A code can be used once; wait for the next one.')
  }),
  'password-expired': (value, trans) => ({
    title: trans.__('Your password on %1 has expired.', value('host')),
    advice: trans.__(
      'Choose a new one: ssh %1 in a terminal asks for it. Then sign in.',
      value('host')
    )
  }),
  'question-over': (_, trans) => ({
    title: trans.__('This question has been answered already, or is over.'),
    advice: trans.__('Nothing was sent. Sign in again if that is still asked for.')
  }),
  'certificate-expired': (value, trans) => ({
    title: trans.__(
      'The certificate for %1 has expired: %2 was valid until %3.',
      value('host'),
      value('file'),
      value('until')
    ),
    advice: trans.__(
      'Get a new one as your cluster describes it, then try again. Jobs go on meanwhile.'
    )
  }),
  'ticket-missing': (value, trans) => ({
    title: trans.__(
      '%1 wants a Kerberos ticket, and there is none, or its time is over.',
      value('host')
    ),
    advice: trans.__('Run kinit in a terminal, then try again. Jobs go on meanwhile.')
  }),
  'key-locked': (value, trans) => ({
    title: trans.__(
      'The key %2 for %1 has a passphrase, and no agent has it.',
      value('host'),
      value('key')
    ),
    advice: trans.__(
      'Sign in and type it, or run ssh-add %1 in a terminal and try again.',
      value('key')
    )
  }),
  'no-scheduler': (value, trans) => ({
    title: trans.__('No batch system was found on %1.', value('cluster')),
    advice: trans.__(
      'Looked for: %1. Choose the host where you submit jobs by hand. For a machine without a batch system, set its scheduler to local in the settings.',
      value('programs')
    )
  }),
  'several-schedulers': (value, trans) => ({
    title: trans.__('%1 has several batch systems: %2.', value('cluster'), value('schedulers')),
    advice: trans.__(
      'Give its cluster in the settings the scheduler that your jobs are for, one of these: %1.',
      value('names')
    )
  }),
  'cluster-unreachable': (value, trans) => ({
    title: trans.__('%1 cannot be reached.', value('cluster')),
    advice: trans.__('Look at your network and try again. Jobs there go on meanwhile.')
  }),
  'command-failed': (value, trans) => ({
    title: trans.__('A command failed on %1.', value('cluster')),
    advice: trans.__('Its answer is in the details; try again, or show them to your help desk.')
  }),
  'answer-unreadable': (_, trans) => ({
    title: trans.__('An answer came that cannot be read.'),
    advice: trans.__(
      'Try again. If it stays so, show the details to whoever looks after this installation.'
    )
  }),
  'start-up-files': (value, trans) => ({
    title: trans.__(
      'The shell on %1 did not run what was sent; most often a start-up file there stands in the way.',
      value('host')
    ),
    advice: trans.__(
      'Look there for a line that ends the shell (exit), replaces it (exec), or reads its input (read), and put in front of it what stops there without a terminal: %1. Where the account is locked, or its key may run certain commands only, the details say so: /usr/bin/env bash has to be one of these.',
      value('guards')
    )
  }),
  'shell-replaced': (value, trans) => ({
    title: trans.__(
      'On %1 another shell, %2, comes in the place of the one that was to run what was sent.',
      value('host'),
      value('shell')
    ),
    advice: trans.__(
      'A start-up file there has a line with exec. Put in front of it what stops there without a terminal: %1.',
      value('guards')
    )
  }),
  'transfer-host-apart': (value, trans) => ({
    title: trans.__(
      '%1 and %2 do not have the same files: what is written into %3 on one is not there on the other.',
      value('transferHost'),
      value('host'),
      value('folder')
    ),
    advice: trans.__(
      'In the settings of the cluster, name a base folder that both have, or take the transfer host away.'
    )
  }),
  'input-taken': (value, trans) => ({
    title: trans.__(
      'A start-up file on %1 reads what was sent to be run, most often with read.',
      value('host')
    ),
    advice: trans.__(
      'Put in front of that line what stops there without a terminal: %1.',
      value('guards')
    )
  })
} satisfies Record<string, Sentence>;
