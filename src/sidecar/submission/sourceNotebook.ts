import { constants, isUtf8 } from 'node:buffer';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError, problem } from '../../api/problem';
import { type Notebook, readNotebook } from '../../needs/notebook';
import { NotAFile, TooLong, diskOf } from '../files/disk';

/** Milliseconds before a notebook that is no JSON is read again: Jupyter saves in place, so that it may be half there. */
const SAVING_MS = 250;

/** The most bytes of a notebook: what is longer is no text for Node, and nothing of it needs to be read. */
const MOST_BYTES = constants.MAX_STRING_LENGTH;

/**
 * Reads a person's notebook: its text, and what that says.
 *
 * @throws ProblemError when it is not there, is no file, or cannot be read or understood.
 */
export async function readSource(file: string): Promise<{ text: string; notebook: Notebook }> {
  let text = await textOf(file);
  let notebook = readNotebook(text);
  if (notebook.kind === 'invalid' && notebook.why === 'not-json') {
    await sleep(SAVING_MS);
    text = await textOf(file);
    notebook = readNotebook(text);
  }
  if (notebook.kind === 'invalid') {
    const { cell, why } = notebook;
    throw problem('notebook-invalid', {
      notebook: file,
      why,
      ...(cell !== undefined && { cell })
    });
  }
  return { text, notebook };
}

async function textOf(notebook: string): Promise<string> {
  try {
    const bytes = await diskOf(path.dirname(notebook), 'read').readAll(notebook, MOST_BYTES);
    if (!isUtf8(bytes)) {
      throw problem('notebook-invalid', { notebook, why: 'not-utf8' });
    }
    return bytes.toString();
  } catch (error) {
    if (error instanceof ProblemError) {
      throw error;
    }
    if (error instanceof NotAFile) {
      throw problem('notebook-no-file', { notebook, kind: error.kind }, { cause: error });
    }
    if (error instanceof TooLong) {
      throw problem('notebook-invalid', { notebook, why: 'too-long' }, { cause: error });
    }
    const output = error instanceof Error ? error.message : String(error);
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw problem(
      isMissing ? 'notebook-missing' : 'notebook-unreadable',
      { notebook },
      { details: { output }, cause: error }
    );
  }
}
