import type { SyntaxNode } from '@lezer/common';

import { calledName, childrenOf, isLiteral, literalParts, textOf } from './pythonSyntax';
import type { PythonLiteral } from './pythonSyntax';

/** Variables that hold the working directory (`.`) or a path that begins above it (`../figures`). */
export type KnownPaths = Map<string, PythonLiteral>;

/** What only the running notebook knows. */
export const HOLE: PythonLiteral = ['', ''];

/** The text of an expression, as far as it is fixed: sums, joined paths, and strings in them. */
export function joinedParts(
  text: string,
  node: SyntaxNode,
  known?: KnownPaths
): PythonLiteral | null {
  const partsOf = (one: SyntaxNode | null | undefined): PythonLiteral | null =>
    one ? joinedParts(text, one, known) : null;
  const glueAll = (all: readonly (SyntaxNode | null)[], separator: string): PythonLiteral =>
    glued(
      all.map(one => partsOf(one) ?? HOLE),
      separator
    );
  if (isLiteral(node.name)) {
    return withKnownStart(text, node, known);
  }
  switch (node.name) {
    case 'VariableName':
      return known?.get(textOf(text, node)) ?? null;
    case 'ParenthesizedExpression':
      return partsOf(node.firstChild?.nextSibling);
    case 'BinaryExpression': {
      const [left, operator, right] = childrenOf(node);
      const sign = operator ? textOf(text, operator) : '';
      if (sign === '%') {
        return partsOf(left);
      }
      return left && right && (sign === '+' || sign === '/')
        ? glueAll([left, right], sign === '/' ? '/' : '')
        : null;
    }
    case 'MemberExpression': {
      const member = node.lastChild ? textOf(text, node.lastChild) : '';
      return member === 'parent' ? above(partsOf(node.firstChild)) : (FIXED.get(member) ?? null);
    }
    case 'CallExpression':
      break;
    default:
      return null;
  }
  const called = calledName(text, node);
  const owner = node.firstChild?.name === 'MemberExpression' ? node.firstChild.firstChild : null;
  const given = argumentsOf(text, node);
  if (called === 'format') {
    return owner ? literalOf(text, owner) : null;
  }
  if (called === 'joinpath') {
    return glueAll([owner, ...given], '/');
  }
  if (called === 'join' && !/^(['"])/.test(textOf(text, node))) {
    return glueAll(given, '/');
  }
  if (called === 'Path' || called === 'str' || called === 'fspath') {
    return given.length > 0 ? glueAll(given, '/') : called === 'Path' ? ['.'] : null;
  }
  if (SAME_PLACE.has(called)) {
    return partsOf(given[0] ?? owner);
  }
  return called === 'dirname' ? above(partsOf(given[0])) : (FIXED.get(called) ?? null);
}

/** Keeps what a variable holds, where that is known and worth it. */
export function keepAssigned(text: string, node: SyntaxNode, known: KnownPaths): void {
  const [target, ...rest] = childrenOf(node);
  const value = rest.at(-1);
  if (target?.name !== 'VariableName' || !value) {
    return;
  }
  const isOne = rest.filter(({ name }) => name === 'AssignOp').length === 1;
  const parts = isOne ? joinedParts(text, value, known) : null;
  if (parts && /^\.\.?(\/|$)/.test(parts[0] ?? '')) {
    known.set(textOf(text, target), parts);
  } else {
    known.delete(textOf(text, target));
  }
}

/**
 * A path that an expression puts together, which no string in it says: `'run' + str(i) + '.csv'`,
 * `Path('..') / 'figures' / 'a.png'`. null for others, and for a part of a longer one.
 */
export function composedPath(
  text: string,
  node: SyntaxNode,
  known: KnownPaths
): PythonLiteral | null {
  if (isPartOfPath(text, node)) {
    return null;
  }
  const parts = joinedParts(text, node, known);
  if (parts?.[0]?.startsWith('../') === true) {
    return parts;
  }
  const isOwnText = isLiteral(node.name) || !parts?.some(part => /[^/.]/.test(part));
  return isOwnText ? null : parts;
}

function isPartOfPath(text: string, node: SyntaxNode): boolean {
  const { parent } = node;
  if (parent?.name === 'ArgList' && parent.parent?.name === 'CallExpression') {
    return /^(join|joinpath|Path|str|fspath)$/.test(calledName(text, parent.parent));
  }
  return parent?.name === 'BinaryExpression';
}

/** `f'{FIGURES}/a.png'` */
function withKnownStart(
  text: string,
  node: SyntaxNode,
  known: KnownPaths | undefined
): PythonLiteral | null {
  const parts = literalParts(text, node);
  const [hole] = node.name === 'FormatString' ? node.getChildren('FormatReplacement') : [];
  const name = hole ? /^\{\s*(\w+)\s*\}$/.exec(textOf(text, hole))?.[1] : undefined;
  const start = name === undefined ? undefined : known?.get(name);
  return parts?.[0] === '' && start ? glued([start, parts.slice(1)], '') : parts;
}

const FIXED: ReadonlyMap<string, PythonLiteral> = new Map([
  ['cwd', ['.']],
  ['getcwd', ['.']],
  ['curdir', ['.']],
  ['pardir', ['..']]
]);

/** Of a path, or with one. */
const SAME_PLACE: ReadonlySet<string> = new Set(
  'resolve absolute as_posix abspath realpath normpath'.split(' ')
);

function above(parts: PythonLiteral | null): PythonLiteral | null {
  const path = parts?.length === 1 ? (parts[0] ?? '').replace(/\/+$/, '') : null;
  if (path === '.') {
    return ['..'];
  }
  return path !== null && /^(\.\.\/)*\.\.$/.test(path) ? [`${path}/..`] : null;
}

function glued(pieces: PythonLiteral[], separator: string): PythonLiteral {
  return pieces.reduce((one, two) => [
    ...one.slice(0, -1),
    `${one.at(-1) ?? ''}${separator}${two[0] ?? ''}`,
    ...two.slice(1)
  ]);
}

export function literalOf(text: string, node: SyntaxNode): PythonLiteral | null {
  return isLiteral(node.name) ? literalParts(text, node) : null;
}

/** The arguments that have no name. */
export function argumentsOf(text: string, call: SyntaxNode): SyntaxNode[] {
  const list = call.getChild('ArgList');
  const all = list ? childrenOf(list) : [];
  return all.filter(
    (argument, index) =>
      !/^[(),*]$|^\*\*$|^AssignOp$|^Comment$/.test(argument.name) &&
      all[index + 1]?.name !== 'AssignOp' &&
      all[index - 1]?.name !== 'AssignOp' &&
      textOf(text, argument) !== ''
  );
}
