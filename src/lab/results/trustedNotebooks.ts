import { PathExt, URLExt } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { type Contents, ServerConnection } from '@jupyterlab/services';
import { problem } from '../../api/problem';

/** Which notebooks Jupyter trusts, so that it runs the scripts in their outputs. Each call may reject with a `ProblemError`. */
export interface TrustedNotebooks {
  /** Whether there is a file at this path of Jupyter's contents. */
  isThere(path: string): Promise<boolean>;
  isTrusted(path: string): Promise<boolean>;
  /** Trusts a notebook as it is now: Jupyter keeps a signature of its content. */
  trust(path: string): Promise<void>;
}

/** What Jupyter's server, and the notebooks that are open in this page, tell of trust. */
export class JupyterTrust implements TrustedNotebooks {
  constructor(
    private readonly contents: Pick<Contents.IManager, 'get' | 'localPath' | 'serverSettings'>,
    private readonly open: Pick<INotebookTracker, 'find'>
  ) {}

  async isThere(path: string): Promise<boolean> {
    return (await this.get(path, { content: false })) !== null;
  }

  async isTrusted(path: string): Promise<boolean> {
    const panel = this.open.find(({ context }) => this.contents.localPath(context.path) === path);
    if (panel?.context.isReady === true && panel.content.model) {
      return [...panel.content.model.cells]
        .filter(cell => cell.type === 'code')
        .every(cell => cell.trusted);
    }
    const model = await this.get(path, { content: true, type: 'notebook', format: 'json' });
    return model !== null && areTrusted(model.content);
  }

  async trust(path: string): Promise<void> {
    const { serverSettings } = this.contents;
    const url = URLExt.join(
      serverSettings.baseUrl,
      'api/contents',
      URLExt.encodeParts(PathExt.removeSlash(path)),
      'trust'
    );
    const answer = await heard(
      ServerConnection.makeRequest(url, { method: 'POST' }, serverSettings)
    );
    if (!answer.ok) {
      throw refused(answer);
    }
  }

  /** A file of Jupyter's contents; null when there is none. */
  private async get(
    path: string,
    options: Contents.IFetchOptions
  ): Promise<Contents.IModel | null> {
    try {
      return await heard(this.contents.get(path, options));
    } catch (error) {
      if (!(error instanceof ServerConnection.ResponseError)) {
        throw error;
      }
      if (error.response.status === 404) {
        return null;
      }
      throw refused(error.response);
    }
  }
}

/** Whether the server has marked all code cells of a notebook as trusted. */
function areTrusted(notebook: unknown): boolean {
  return (
    isRecord(notebook) &&
    Array.isArray(notebook['cells']) &&
    notebook['cells'].every(
      cell =>
        isRecord(cell) &&
        (cell['cell_type'] !== 'code' ||
          (isRecord(cell['metadata']) && cell['metadata']['trusted'] === true))
    )
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Waits for the server's answer; throws the problem `server-silent` when there is none. */
async function heard<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ServerConnection.NetworkError) {
      throw problem('server-silent', {}, { details: { output: error.message }, cause: error });
    }
    throw error;
  }
}

function refused({ status, statusText }: Response): Error {
  return problem('server-refused', { status }, { details: { output: statusText } });
}
