import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';

import { openString, unescape } from './pythonString';

/**
 * What Python code imports, and its string literals, in reading order.
 *
 * The parser recovers from errors, so half a cell that doesn't parse still gives the other half. It
 * knows no IPython syntax: cells go through cellSource first. About 3 ms per 1000 characters.
 */
export function readPython(source: string): PythonCode {
  // Python itself reads every line end as \n; the parser knows no backslash before \r\n.
  const text = source.replace(/\r\n?/g, '\n');
  const code: PythonCode = { imports: [], literals: [] };
  try {
    parser.parse(text).iterate({
      enter: ({ node, name }) => {
        if (name === 'ImportStatement') {
          code.imports.push(...importStatement(text, node));
        } else if (name === 'CallExpression' || name === 'Decorator') {
          addCall(text, node, code);
        } else if (isLiteral(name) && node.parent?.name !== 'ContinuedString') {
          const parts = literalParts(text, node);
          if (parts) {
            code.literals.push(recursive(text, node, parts));
          }
        }
      }
    });
  } catch {
    // @lezer/common 1.5.5 fails on its own tree after some 2000 unclosed errors in a row. No such
    // text runs; what stands before it is kept.
  }
  return code;
}

export interface PythonCode {
  imports: PythonImport[];
  literals: PythonLiteral[];
}

/** `from ..a.b import c, d` is { level: 2, module: 'a.b', names: ['c', 'd'] } */
export interface PythonImport {
  /** the leading dots; 0 = absolute */
  level: number;
  module: string;
  /** what is taken out of the module, and may be modules themselves; without `*` */
  names: string[];
}

/** The fixed text before, between and after an f-string's substitutions; one part for a plain string. */
export type PythonLiteral = string[];

function isLiteral(name: string): boolean {
  return name === 'String' || name === 'FormatString' || name === 'ContinuedString';
}

function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    children.push(child);
  }
  return children;
}

function importStatement(text: string, node: SyntaxNode): PythonImport[] {
  const words = childrenOf(node)
    .filter(child => !child.type.isError && child.name !== 'Comment')
    .map(child => text.slice(child.from, child.to))
    .filter(word => word !== '' && word !== '(' && word !== ')');
  const [first, ...rest] = words;
  if (first === 'import') {
    return commaSeparated(rest)
      .map(target => dottedName(target))
      .filter(module => module !== '')
      .map(module => ({ level: 0, module, names: [] }));
  }
  const middle = rest.indexOf('import');
  const source = middle < 0 ? rest : rest.slice(0, middle);
  const dots = source.findIndex(word => !/^\.+$/.test(word));
  const leading = dots < 0 ? source : source.slice(0, dots);
  const level = leading.join('').length;
  const module = dottedName(source.slice(leading.length));
  if (level === 0 && module === '') {
    return [];
  }
  const names = commaSeparated(middle < 0 ? [] : rest.slice(middle + 1))
    .map(target => target[0] ?? '')
    .filter(name => name !== '' && name !== '*');
  return [{ level, module, names }];
}

function commaSeparated(words: string[]): string[][] {
  const groups: string[][] = [[]];
  for (const word of words) {
    if (word === ',') {
      groups.push([]);
    } else {
      groups.at(-1)?.push(word);
    }
  }
  return groups;
}

/** a . b as c → a.b */
function dottedName(words: string[]): string {
  const as = words.indexOf('as');
  return (as < 0 ? words : words.slice(0, as)).filter(word => word !== '.').join('.');
}

/** Calls whose string is a module, or code that names modules. */
function addCall(text: string, node: SyntaxNode, code: PythonCode): void {
  const name = calledName(text, node);
  const strings = stringArguments(text, node);
  const [first] = strings;
  if (first === undefined) {
    return;
  }
  if (name === 'import_module' || name === '__import__') {
    code.imports.push(dynamicImport(first, strings[1]));
  } else if (name === 'require') {
    // ipyparallel's decorator, @require('numpy', 'my_module'): the engines import these.
    code.imports.push(...strings.map(module => dynamicImport(module, undefined)));
  } else if (name === 'execute' || name === 'exec') {
    // view.execute('import my_module'): the engines run the text.
    code.imports.push(...readPython(first).imports);
  }
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

function calledName(text: string, call: SyntaxNode): string {
  const callee =
    call.name === 'Decorator' ? call.getChildren('VariableName').at(-1) : call.firstChild;
  const named = callee?.name === 'MemberExpression' ? callee.lastChild : callee;
  return named ? text.slice(named.from, named.to) : '';
}

function stringArguments(text: string, call: SyntaxNode): string[] {
  const list = call.getChild('ArgList');
  const strings: string[] = [];
  for (const argument of list ? childrenOf(list) : []) {
    const parts = isLiteral(argument.name) ? literalParts(text, argument) : null;
    if (parts?.length === 1) {
      strings.push(...parts);
    }
  }
  return strings;
}

/** null for bytes, which name no file in practice and would have to be decoded by guess */
function literalParts(text: string, node: SyntaxNode): string[] | null {
  if (node.name !== 'ContinuedString') {
    return stringParts(text, node);
  }
  let parts = [''];
  for (const piece of childrenOf(node).filter(child => isLiteral(child.name))) {
    const next = stringParts(text, piece);
    if (!next) {
      return null;
    }
    parts = [...parts.slice(0, -1), `${parts.at(-1) ?? ''}${next[0] ?? ''}`, ...next.slice(1)];
  }
  return parts;
}

function stringParts(text: string, node: SyntaxNode): string[] | null {
  const token = text.slice(node.from, node.to);
  const open = openString(token);
  if (!open || open.bytes) {
    return null;
  }
  const isFormat = node.name === 'FormatString';
  const parts: string[] = [];
  let from = open.from;
  const close = (to: number): void => {
    const inside = token.slice(from, Math.max(from, to));
    const value = open.raw ? inside : unescape(inside);
    parts.push(isFormat ? value.replaceAll('{{', '{').replaceAll('}}', '}') : value);
  };
  for (const hole of isFormat ? node.getChildren('FormatReplacement') : []) {
    close(hole.from - node.from);
    from = hole.to - node.from;
  }
  close(open.to);
  return parts;
}

/** Path.rglob('*.csv') looks in every folder below, as glob('**\/*.csv') does. */
function recursive(text: string, node: SyntaxNode, parts: string[]): string[] {
  const call = node.parent?.name === 'ArgList' ? node.parent.parent : null;
  const isRglob = call?.name === 'CallExpression' && calledName(text, call) === 'rglob';
  return isRglob ? [`**/${parts[0] ?? ''}`, ...parts.slice(1)] : parts;
}
