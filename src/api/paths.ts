import * as v from 'valibot';

/**
 * A path of Jupyter's contents: below what a server shows, in whatever way its files lie on a disk. Only the server can say which
 * file that is.
 */
export const ContentsPath = v.pipe(v.string(), v.brand('ContentsPath'));
export type ContentsPath = v.InferOutput<typeof ContentsPath>;

/** Takes a path for one of Jupyter's contents, where Jupyter says that it is. */
export function contentsPathOf(path: string): ContentsPath {
  return v.parse(ContentsPath, path);
}

/** The path of a file on a machine: any text but a path of Jupyter's contents, which is no file before the server has said which. */
export type FilePath = string & Partial<Record<keyof v.Brand<'ContentsPath'>, never>>;

const Answer = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ paths: v.array(v.nullable(ContentsPath)) })
);

/** What the Jupyter server answers that was asked for the paths of files, null for one that it does not show; null for no answer. */
export function readContentsPaths(text: string): (ContentsPath | null)[] | null {
  const read = v.safeParse(Answer, text);
  return read.success ? read.output.paths : null;
}
