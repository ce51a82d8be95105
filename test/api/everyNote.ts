import type { Note, NoteCode } from '../../src/api/notes';

/** An example of each note; a new code does not compile until it has one. */
const EXAMPLES: { [Code in NoteCode]: Extract<Note, { code: Code }> } = {
  'kernel-missing': { code: 'kernel-missing', kernel: 'gone-venv', python: '/usr/bin/python3' },
  'kernel-replaced': { code: 'kernel-replaced', kernel: 'px', python: '/opt/env/bin/python' },
  'too-few-engines': { code: 'too-few-engines', asked: 8, engines: 4 },
  'engines-elsewhere': { code: 'engines-elsewhere', python: '/usr/bin/python3' },
  'gpus-shared': { code: 'gpus-shared', engines: 4, gpus: 2 },
  'engines-lost': {
    code: 'engines-lost',
    engines: '4-7',
    lost: 4,
    left: 12,
    node: 'n2',
    signal: 9,
    status: null
  },
  'whole-nodes': { code: 'whole-nodes', site: 'Far University', nodes: 2 },
  'environment-failed': {
    code: 'environment-failed',
    line: 1,
    text: 'source /gone/setup.sh',
    status: 1
  },
  'environment-ended': { code: 'environment-ended', line: 2, text: 'exit 3' },
  'other-code': { code: 'other-code' },
  'code-not-compared': { code: 'code-not-compared' },
  'result-not-saved': { code: 'result-not-saved' },
  'no-room': {
    code: 'no-room',
    lacks: 'quota',
    folder: '/home/ada/.jupyterlab-submit/hpc/k3v9x2ab',
    numbers: '812 MB of 1,000 MB are taken; quota: /dev/sda1 1024M* 1000M 1100M 6days 10 0 0'
  },
  'verdict-unreadable': { code: 'verdict-unreadable' },
  unknown: { code: 'unknown', word: 'moon-phase' }
};

export const NOTES = Object.values(EXAMPLES);
