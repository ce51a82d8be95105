import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';

import type { Listing } from './listings';
import { readCall } from './pythonCalls';
import { composedPath, keepAssigned } from './pythonPaths';
import type { KnownPaths } from './pythonPaths';
import { importStatement } from './pythonImports';
import type { PythonImport } from './pythonImports';
import { enginesAskedBy } from './enginesAsked';
import { calledName, isLiteral, literalParts } from './pythonSyntax';
import type { PythonLiteral } from './pythonSyntax';

/**
 * What Python code imports, and its string literals, in reading order. `known` goes from cell to cell.
 *
 * The parser recovers from errors, so half a cell that doesn't parse still gives the other half. It
 * knows no IPython syntax: cells go through cellSource first. About 3 ms per 1000 characters.
 */
export function readPython(source: string, known: KnownPaths = new Map()): PythonCode {
  // Python itself reads every line end as \n; the parser knows no backslash before \r\n.
  const text = source.replace(/\r\n?/g, '\n');
  const code: PythonCode = {
    imports: [],
    literals: [],
    commands: [],
    argvs: [],
    listings: [],
    hasUnknownCommand: false,
    engines: 0
  };
  try {
    parser.parse(text).iterate({
      enter: ({ node, name }) => {
        addComposed(text, node, code, known);
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
  /** text that is run by a shell: `os.system('…')` */
  commands: PythonLiteral[];
  /** commands that are run as they are, word by word: `subprocess.run(['…', '…'])` */
  argvs: PythonLiteral[][];
  listings: Listing[];
  /** whether a command is run that a variable holds */
  hasUnknownCommand: boolean;
  /** the most engines that a call asks for by a number; 0 for none */
  engines: number;
}

function addCall(text: string, node: SyntaxNode, code: PythonCode): void {
  const call = readCall(text, node);
  code.imports.push(
    ...call.imports,
    ...call.statements.flatMap(statement => readPython(statement).imports)
  );
  code.commands.push(...call.commands);
  code.argvs.push(...(call.words.length > 0 ? [call.words] : []));
  code.listings.push(...(call.listing ? [call.listing] : []));
  code.hasUnknownCommand ||= call.hasUnknownCommand;
  code.engines = Math.max(code.engines, enginesAskedBy(text, node));
}

/** Paths that are put together of strings and variables. */
function addComposed(text: string, node: SyntaxNode, code: PythonCode, known: KnownPaths): void {
  if (node.name === 'AssignStatement') {
    keepAssigned(text, node, known);
  } else if (/^(BinaryExpression|CallExpression|FormatString)$/.test(node.name)) {
    const parts = composedPath(text, node, known);
    code.literals.push(...(parts ? [parts] : []));
  }
}

/** Path.rglob('*.csv') looks in every folder below, as glob('**\/*.csv') does. */
function recursive(text: string, node: SyntaxNode, parts: string[]): string[] {
  const call = node.parent?.name === 'ArgList' ? node.parent.parent : null;
  const isRglob = call?.name === 'CallExpression' && calledName(text, call) === 'rglob';
  return isRglob ? [`**/${parts[0] ?? ''}`, ...parts.slice(1)] : parts;
}
