import type { Asked } from '../interview';
import type { SshQuestion } from './askpassServer';

/** What is before a question of a host's, with whom it is about (sshconnect2.c, since OpenSSH 8.5). */
const INTERACTIVE = /^\((\S+@[^\s)]+)\) (.*)$/s;

/** A question of ssh's as people are asked it. */
export interface ReadQuestion {
  /** Who asks, as `user@host`, where the question tells. */
  who: string | null;
  asked: Asked;
  /** The key file whose passphrase ssh wants; absent where it wants something else, or a host may have put the question together. */
  keyFile?: string;
}

/**
 * Reads what ssh asks by its helper program (sshconnect.c, sshconnect2.c, readpass.c); null for what must not be answered: it
 * comes when ssh has not understood the answer to a host's key, and comes back for ever.
 *
 * @param isHostAsking Whether the host's own questions have begun: before OpenSSH 8.5 nothing tells them from ssh's, and a host could
 * ask for a passphrase in ssh's words.
 */
export function readQuestion(
  { hint, prompt }: Pick<SshQuestion, 'hint' | 'prompt'>,
  isHostAsking: boolean
): ReadQuestion | null {
  if (hint === '' && isHostAsking && !INTERACTIVE.test(prompt)) {
    return { who: null, asked: { kind: 'prompts', prompts: [{ text: prompt, echo: null }] } };
  }
  if (hint === 'none') {
    return { who: null, asked: { kind: 'touch', instruction: prompt.trim() } };
  }
  if (hint === 'confirm') {
    return { who: null, asked: { kind: 'confirm', instruction: prompt.trim() } };
  }
  if (prompt.startsWith("Please type 'yes'")) {
    return null;
  }
  const [, address] = /^The authenticity of host '(.*)' can't be established/.exec(prompt) ?? [];
  if (address !== undefined) {
    return { who: null, asked: hostKey(prompt, address) };
  }
  const [, file, token, key] =
    /^Enter (?:passphrase for (?:key )?'(.*)'|PIN for '(.*)'|PIN for \S+ key (.*?)): ?$/s.exec(
      prompt
    ) ?? [];
  const opened = file ?? token ?? key;
  return opened === undefined
    ? readPrompt(prompt)
    : {
        who: null,
        asked: passphrase(prompt, opened),
        ...(file !== undefined && { keyFile: file })
      };
}

function hostKey(prompt: string, address: string): Asked {
  const [, type = '', fingerprint = ''] =
    /^(\S+) key fingerprint is (\S+?)\.?$/m.exec(prompt) ?? [];
  // What is known beside the key: other names that have it, and that no record of the DNS tells of it.
  const rest = prompt
    .split('\n')
    .filter(
      line => !/^The authenticity of host|key fingerprint is|^Are you sure you want/.test(line)
    );
  return {
    kind: 'host-key',
    key: { type, fingerprint, address },
    instruction: rest.join('\n').trim()
  };
}

function passphrase(prompt: string, file: string): Asked {
  return { kind: 'passphrase', file, prompts: [{ text: prompt, echo: false }] };
}

/** A password, or a prompt of the host's own: behind what the host tells, and with whom it is about before it. */
function readPrompt(prompt: string): ReadQuestion {
  const [, interactive, text = prompt] = INTERACTIVE.exec(prompt) ?? [];
  const [, password] = /^(\S+@\S+)'s password: $/.exec(prompt) ?? [];
  const end = text.trimEnd().lastIndexOf('\n');
  const shown = { text: text.slice(end + 1), echo: password === undefined ? null : false };
  return {
    who: interactive ?? password ?? null,
    asked: { kind: 'prompts', instruction: text.slice(0, end + 1).trim(), prompts: [shown] }
  };
}

/** What ssh takes as an answer: a text; `yes`, where somebody has agreed. */
export function answerOf(asked: Asked, answers: readonly string[]): string {
  const [answer = ''] = answers;
  return asked.kind === 'host-key' || asked.kind === 'confirm' ? 'yes' : answer;
}
