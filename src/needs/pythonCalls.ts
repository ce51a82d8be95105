import type { SyntaxNode } from '@lezer/common';

import { NAMES_OF_PLACE } from './listings';
import type { Listing } from './listings';
import type { PythonImport } from './pythonImports';
import { HOLE, argumentsOf, joinedParts, literalOf } from './pythonPaths';
import { calledName, childrenOf, stringArguments, textOf } from './pythonSyntax';
import type { PythonLiteral } from './pythonSyntax';

/** What a call says, beyond its strings as they are. */
export interface PythonCall {
  imports: PythonImport[];
  /** code that the engines, or exec, run */
  statements: string[];
  /** command lines for a shell */
  commands: PythonLiteral[];
  /** the words of commands that no shell splits */
  words: PythonLiteral[];
  /** whether a command is run that the call itself doesn't tell: `os.system(cmd)` */
  hasUnknownCommand: boolean;
  listing: Listing | null;
}

export function readCall(text: string, node: SyntaxNode): PythonCall {
  const name = calledName(text, node);
  const call: PythonCall = {
    imports: moduleStrings(name, stringArguments(text, node)),
    statements: [],
    commands: [],
    words: [],
    hasUnknownCommand: false,
    listing: null
  };
  if (name === 'execute' || name === 'exec') {
    // view.execute('import my_module'): the engines run the text.
    call.statements.push(...stringArguments(text, node).slice(0, 1));
  } else if (isRunner(name, receiverOf(text, node))) {
    addCommand(text, node, call);
  } else if (LISTERS.has(name) || GLOBBERS.has(name)) {
    call.listing = listingOf(text, node, name);
  }
  return call;
}

/** Calls whose strings are modules. */
function moduleStrings(name: string, strings: string[]): PythonImport[] {
  const [first, second] = strings;
  if (first === undefined) {
    return [];
  }
  if (name === 'import_module' || name === '__import__') {
    return [dynamicImport(first, second)];
  }
  // ipyparallel's decorator, @require('numpy', 'my_module'): the engines import these.
  return name === 'require' ? strings.map(module => dynamicImport(module, undefined)) : [];
}

/** importlib.import_module('.a', 'b') is b.a; without 'b' it is relative to the module itself. */
function dynamicImport(name: string, packageName: string | undefined): PythonImport {
  const level = /^\.*/.exec(name)?.[0].length ?? 0;
  const module = name.slice(level);
  if (level === 1 && packageName !== undefined) {
    return { level: 0, module: `${packageName}.${module}`, names: [] };
  }
  return { level, module, names: [] };
}

/** Of os, subprocess, asyncio and IPython's shell. */
const RUNNERS: ReadonlySet<string> = new Set(
  'system popen Popen check_call check_output getoutput getstatusoutput create_subprocess_shell'.split(
    ' '
  )
);

/** Names that other modules have too. */
function isRunner(name: string, receiver: string): boolean {
  return RUNNERS.has(name) || ((name === 'run' || name === 'call') && receiver !== 'view');
}

function addCommand(text: string, node: SyntaxNode, call: PythonCall): void {
  const command = firstArgument(text, node);
  if (!command) {
    return;
  }
  if (command.name === 'ArrayExpression' || command.name === 'TupleExpression') {
    const items = childrenOf(command).filter(({ name }) => !/^[[\](),]$/.test(name));
    call.words.push(...items.map(item => literalOf(text, item) ?? HOLE));
    return;
  }
  const parts = joinedParts(text, command) ?? splitString(text, command);
  if (parts && parts.join('').trim() !== '') {
    call.commands.push(parts);
  }
  // view.run(x), trainer.run(): only what is surely a command counts as one that isn't known.
  const isSure =
    RUNNERS.has(calledName(text, node)) || /^(subprocess|sp)$/.test(receiverOf(text, node));
  call.hasUnknownCommand = isSure && (parts === null || parts.join('').trim() === '');
}

/** `shlex.split('…')` and `'…'.split()` */
function splitString(text: string, node: SyntaxNode): PythonLiteral | null {
  if (node.name !== 'CallExpression' || calledName(text, node) !== 'split') {
    return null;
  }
  const owner = node.firstChild?.firstChild;
  return (owner && literalOf(text, owner)) ?? joinedArgument(text, node);
}

function joinedArgument(text: string, node: SyntaxNode): PythonLiteral | null {
  const argument = firstArgument(text, node);
  return argument ? joinedParts(text, argument) : null;
}

const LISTERS: ReadonlySet<string> = new Set(['listdir', 'scandir', 'walk', 'fwalk', 'iterdir']);
const GLOBBERS: ReadonlySet<string> = new Set(['glob', 'iglob', 'rglob']);

function listingOf(text: string, node: SyntaxNode, name: string): Listing | null {
  const receiver = node.firstChild?.name === 'MemberExpression' ? node.firstChild.firstChild : null;
  const module = receiver ? textOf(text, receiver) : '';
  const argument = firstArgument(text, node);
  const shown = textOf(text, node).replace(/\s+/g, ' ').slice(0, 80);
  if (GLOBBERS.has(name)) {
    const isMethod = receiver !== null && module !== 'glob';
    const folder = isMethod ? folderNamed(text, receiver) : 'own';
    const deep = name === 'rglob' ? '**/' : '';
    const pattern = argument ? joinedParts(text, argument) : null;
    return folder === null ? null : globListing(shown, folder, pattern, deep);
  }
  const isMethod = name === 'iterdir' || (name === 'walk' && !argument && receiver !== null);
  if (!isMethod && module !== '' && module !== 'os') {
    return null; // ast.walk(tree)
  }
  const place = isMethod ? receiver : argument;
  const folder = place ? folderNamed(text, place) : 'own';
  return folder === null ? null : { text: shown, folder, pattern: null };
}

/** A glob whose first part is a hole says nothing of its folder: `glob(folder + '/*.csv')`. */
function globListing(
  text: string,
  folder: Listing['folder'],
  parts: PythonLiteral | null,
  deep: string
): Listing {
  const value = (parts ?? HOLE).join('*');
  const hasOpenFolder = parts === null || (/^\*+\//.test(value) && parts[0] === '');
  const pattern = hasOpenFolder ? value.replace(/^\*+\/?/, '') : value;
  return {
    text,
    folder: hasOpenFolder ? 'unknown' : folder,
    pattern: pattern === '' ? null : deep + pattern
  };
}

/**
 * Which folder an expression names, as far as listings of the notebook's own folder go: null for
 * another, which is named somewhere by a string of its own.
 */
function folderNamed(text: string, node: SyntaxNode): Listing['folder'] | null {
  const expression = textOf(text, node);
  const strings = [...expression.matchAll(/(['"])(.*?)\1/gs)].map(([, , value = '']) => value);
  const others = strings.filter(value => !/^(\.?\/?)$/.test(value) && !NAMES_OF_PLACE.test(value));
  // The folder of a file that lies beside the notebook: `Path('analysis.ipynb').parent`
  const isOfFile = /\b(?:parent|dirname)\b/.test(expression);
  if (others.some(value => !isOfFile || value.includes('/'))) {
    return null;
  }
  if (others.length > 0 || NAMES_OF_PLACE.test(expression)) {
    return 'own';
  }
  const names = expression.replace(/(['"]).*?\1/gs, '').match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? [];
  if (names.every(name => OF_OWN_FOLDER.has(name))) {
    return 'own';
  }
  return /\b__file__\b/.test(expression) ? 'code' : 'unknown';
}

/** Names in expressions for the folder that one is in: `Path.cwd().resolve()`, `os.path.abspath('.')` */
const OF_OWN_FOLDER: ReadonlySet<string> = new Set(
  'os path Path PosixPath pathlib cwd getcwd curdir resolve absolute abspath realpath normpath str fspath fsencode'.split(
    ' '
  )
);

/** The first argument, also where it goes by its name: `listdir(path='.')`, `run(args=[…])`. */
function firstArgument(text: string, call: SyntaxNode): SyntaxNode | null {
  const list = call.getChild('ArgList');
  const all = list ? childrenOf(list) : [];
  const named = all.findIndex(argument =>
    /^(path|top|args|cmd|command|pathname|pattern)$/.test(textOf(text, argument))
  );
  const byName = all[named + 1]?.name === 'AssignOp' ? all[named + 2] : undefined;
  return argumentsOf(text, call)[0] ?? byName ?? null;
}

function receiverOf(text: string, call: SyntaxNode): string {
  const callee = call.firstChild;
  const owner = callee?.name === 'MemberExpression' ? callee.firstChild : null;
  return owner ? textOf(text, owner) : '';
}
