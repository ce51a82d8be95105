/**
 * What is done with each key that `ssh -G` prints (OpenSSH 10.0, readconf.c). `used`: it counts here as it does there. `harmless`: it
 * does not restrict whom we talk to, whom we believe or what we show, or only things that are not done here. Everything else
 * protects in a way that is not known here: a host that has it is refused, with the option named, unless its value is one of `harmlessValues`.
 */
export const SSH_OPTIONS = {
  // Whom to reach, and how.
  host: 'used',
  user: 'used',
  hostname: 'used',
  port: 'used',
  addressfamily: 'used',
  bindaddress: 'used',
  connecttimeout: 'used',
  connectionattempts: 'used',
  proxyjump: 'used',
  proxycommand: 'used',
  serveraliveinterval: 'used',
  serveralivecountmax: 'used',
  setenv: 'used',
  // Whom to believe.
  hostkeyalias: 'used',
  hostkeyalgorithms: 'used',
  userknownhostsfile: 'used',
  globalknownhostsfile: 'used',
  stricthostkeychecking: 'used',
  hashknownhosts: 'used',
  revokedhostkeys: 'used',
  requiredrsasize: 'used',
  ciphers: 'used',
  kexalgorithms: 'used',
  macs: 'used',
  // What to show.
  identityfile: 'used',
  identitiesonly: 'used',
  identityagent: 'used',
  pubkeyauthentication: 'used',
  pubkeyacceptedalgorithms: 'used',
  preferredauthentications: 'used',
  kbdinteractiveauthentication: 'used',
  passwordauthentication: 'used',
  batchmode: 'used',
  // These only add to what is believed: here, a host's key has to be in known_hosts, whatever they say. (VerifyHostKeyDNS warns of
  // a difference, and goes on; CheckHostIP is about the address that a known key came from.)
  checkhostip: 'harmless',
  knownhostscommand: 'harmless',
  nohostauthenticationforlocalhost: 'harmless',
  updatehostkeys: 'harmless',
  verifyhostkeydns: 'harmless',
  casignaturealgorithms: 'harmless',
  // Other ways to log in, which are not gone here.
  certificatefile: 'harmless',
  gssapiauthentication: 'harmless',
  gssapiclientidentity: 'harmless',
  gssapidelegatecredentials: 'harmless',
  gssapikeyexchange: 'harmless',
  gssapikexalgorithms: 'harmless',
  gssapirenewalforcesrekey: 'harmless',
  gssapiserveridentity: 'harmless',
  gssapitrustdns: 'harmless',
  hostbasedacceptedalgorithms: 'harmless',
  hostbasedauthentication: 'harmless',
  enablesshkeysign: 'harmless',
  kbdinteractivedevices: 'harmless',
  numberofpasswordprompts: 'harmless',
  pkcs11provider: 'harmless',
  securitykeyprovider: 'harmless',
  addkeystoagent: 'harmless',
  // Names: `ssh -G` has followed them.
  canonicaldomains: 'harmless',
  canonicalizefallbacklocal: 'harmless',
  canonicalizehostname: 'harmless',
  canonicalizemaxdots: 'harmless',
  canonicalizepermittedcnames: 'harmless',
  tag: 'harmless',
  // Forwardings and terminals, of which there are none here.
  clearallforwardings: 'harmless',
  dynamicforward: 'harmless',
  enableescapecommandline: 'harmless',
  escapechar: 'harmless',
  exitonforwardfailure: 'harmless',
  forkafterauthentication: 'harmless',
  forwardagent: 'harmless',
  forwardx11: 'harmless',
  forwardx11timeout: 'harmless',
  forwardx11trusted: 'harmless',
  gatewayports: 'harmless',
  localcommand: 'harmless',
  localforward: 'harmless',
  permitlocalcommand: 'harmless',
  permitremoteopen: 'harmless',
  remotecommand: 'harmless',
  remoteforward: 'harmless',
  requesttty: 'harmless',
  sendenv: 'harmless',
  sessiontype: 'harmless',
  stdinnull: 'harmless',
  streamlocalbindmask: 'harmless',
  streamlocalbindunlink: 'harmless',
  tunnel: 'harmless',
  tunneldevice: 'harmless',
  xauthlocation: 'harmless',
  obscurekeystroketiming: 'harmless',
  // How the connection is kept, and what is said of it.
  channeltimeout: 'harmless',
  compression: 'harmless',
  controlmaster: 'harmless',
  controlpath: 'harmless',
  controlpersist: 'harmless',
  fingerprinthash: 'harmless',
  ignoreunknown: 'harmless',
  ipqos: 'harmless',
  loglevel: 'harmless',
  logverbose: 'harmless',
  syslogfacility: 'harmless',
  tcpkeepalive: 'harmless',
  versionaddendum: 'harmless',
  visualhostkey: 'harmless',
  warnweakcrypto: 'harmless',
  // What is not done here, and would have to be.
  bindinterface: { harmlessValues: ['none'] },
  proxyusefdpass: { harmlessValues: ['no'] },
  refuseconnection: { harmlessValues: ['none'] },
  rekeylimit: { harmlessValues: ['0 0'] }
} as const satisfies Record<
  string,
  'used' | 'harmless' | { readonly harmlessValues: readonly string[] }
>;

/** One line of `ssh -G`: the name of an option, in lower case, and its value. */
export type SshOption = readonly [name: string, value: string];

/** Reads what `ssh -G` printed. */
export function sshOptions(printed: string): SshOption[] {
  return printed
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const space = line.indexOf(' ');
      return space < 0
        ? [line.toLowerCase(), '']
        : [line.slice(0, space).toLowerCase(), line.slice(space + 1)];
    });
}

/** Options of which nothing is known here: they may protect where their value is not the default. */
export function unknownOptions(options: readonly SshOption[]): SshOption[] {
  return options.filter(([name]) => !Object.hasOwn(SSH_OPTIONS, name));
}

/** The first option that protects in a way that is not done here; null where there is none. */
export function refusedOption(options: readonly SshOption[]): SshOption | null {
  const uses: Record<string, 'used' | 'harmless' | { harmlessValues: readonly string[] }> =
    SSH_OPTIONS;
  return (
    options.find(([name, value]) => {
      const use = Object.hasOwn(uses, name) ? uses[name] : undefined;
      return typeof use === 'object' && !use.harmlessValues.includes(value);
    }) ?? null
  );
}
