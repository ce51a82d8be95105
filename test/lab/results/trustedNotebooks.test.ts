import { type Contents, ContentsManager, ServerConnection } from '@jupyterlab/services';
import { beforeEach, describe, expect, it } from 'vitest';
import { JupyterTrust } from '../../../src/lab/results/trustedNotebooks';
import { problemOf } from '../problemOf';

type OpenNotebooks = ConstructorParameters<typeof JupyterTrust>[1];
type Cell = { cell_type: string; metadata: { trusted?: boolean } };

const code = (trusted?: boolean): Cell => ({
  cell_type: 'code',
  metadata: trusted === undefined ? {} : { trusted }
});
const text: Cell = { cell_type: 'markdown', metadata: {} };

let asked: string[];
let answer: (path: string) => Response;
let contents: Contents.IManager;

beforeEach(() => {
  asked = [];
  contents = new ContentsManager({
    serverSettings: ServerConnection.makeSettings({
      baseUrl: 'http://localhost:8888/user/ada/',
      fetch: (input, init) => {
        const { method, url } = new Request(input, init);
        const { pathname } = new URL(url);
        asked.push(`${method} ${pathname}`);
        return Promise.resolve().then(() => answer(pathname));
      }
    })
  });
});

/** What the server answers for a notebook of these cells; its content only where that is asked for. */
function notebook(cells: Cell[]): Response {
  return Response.json({
    name: 'a.ipynb',
    path: 'a.ipynb',
    type: 'notebook',
    format: 'json',
    mimetype: null,
    created: '2026-01-02T12:00:00Z',
    last_modified: '2026-01-02T12:00:00Z',
    writable: true,
    content: { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }
  });
}

const CLOSED: OpenNotebooks = { find: () => undefined };

function trust(open = CLOSED): JupyterTrust {
  return new JupyterTrust(contents, open);
}

describe('whether a notebook is trusted', () => {
  it.each([
    ['all code cells are', [code(true), text, code(true)], true],
    ['it has no code', [text], true],
    ['one code cell is not', [code(true), code(false)], false],
    ['nothing is said of a code cell', [code()], false]
  ])('the server says, by its cells: %s', async (_, cells, expected) => {
    answer = () => notebook(cells);
    expect(await trust().isTrusted('a.ipynb')).toBe(expected);
  });

  it('is not, when there is none', async () => {
    answer = () => new Response(null, { status: 404 });
    expect(await trust().isTrusted('a.ipynb')).toBe(false);
  });

  it.each([
    ['all code cells are', [true, true], true],
    ['one is not', [true, false], false]
  ])('the page says of one that is open: %s', async (_, cells, expected) => {
    const open = trackerWith('a.ipynb', cells, true);
    answer = () => notebook([code(!expected)]);
    expect(await trust(open).isTrusted('a.ipynb')).toBe(expected);
    expect(asked).toEqual([]);
  });

  it.each([
    ['another one is open', 'b.ipynb', true],
    ['it is not read yet', 'a.ipynb', false]
  ])('the server says where the page cannot: %s', async (_, path, isReady) => {
    answer = () => notebook([code(false)]);
    expect(await trust(trackerWith(path, [true], isReady)).isTrusted('a.ipynb')).toBe(false);
    expect(asked).toEqual(['GET /user/ada/api/contents/a.ipynb']);
  });
});

describe('trusting a notebook', () => {
  it('is what the server does, whatever its name', async () => {
    answer = () => new Response(null, { status: 201 });
    await trust().trust('my work/é#1?.ipynb');
    expect(asked).toEqual(['POST /user/ada/api/contents/my%20work/%C3%A9%231%3F.ipynb/trust']);
  });

  it('can be refused', async () => {
    answer = () => new Response(null, { status: 403, statusText: 'Forbidden' });
    expect(await problemOf(trust().trust('a.ipynb'))).toMatchObject({
      code: 'server-refused',
      values: { status: 403 }
    });
  });

  it('needs a server that answers', async () => {
    answer = () => {
      throw new TypeError('Failed to fetch');
    };
    expect(await problemOf(trust().trust('a.ipynb'))).toMatchObject({ code: 'server-silent' });
  });
});

describe('whether a notebook is there', () => {
  it.each([
    [200, true],
    [404, false]
  ])('the server says: %i', async (status, expected) => {
    answer = () => (status === 200 ? notebook([]) : new Response(null, { status }));
    expect(await trust().isThere('a.ipynb')).toBe(expected);
  });

  it('is a problem where the server refuses to say', async () => {
    answer = () => new Response('{}', { status: 500 });
    expect(await problemOf(trust().isThere('a.ipynb'))).toMatchObject({
      code: 'server-refused',
      values: { status: 500 }
    });
  });
});

/** Open notebooks: one, at this path of a drive that collaboration adds, with code cells trusted like this. */
function trackerWith(path: string, trusted: boolean[], isReady: boolean): OpenNotebooks {
  const cells = trusted.map(isTrusted => ({ type: 'code', trusted: isTrusted }));
  const panel = { context: { path, isReady }, content: { model: { cells } } };
  return { find: isIt => (isIt(panel as never) ? (panel as never) : undefined) };
}
