import { isParallelMagic, readCell } from './cellSource';
import type { Magic } from './cellSource';
import { enginesAskedIn } from './enginesAsked';
import { folderOf } from './folderView';
import type { FolderView } from './folderView';
import { namesOwnFolder } from './listings';
import type { Listing } from './listings';
import { literalPath } from './literalPath';
import { magicNeeds } from './magicFiles';
import { asksForMpi, isMpiImport, mentionsMpi, namesMpi } from './mpiUse';
import { moduleFiles } from './moduleFiles';
import { NamedFiles } from './namedFiles';
import type { Reading, Surroundings } from './namedFiles';
import { isPython, readNotebook } from './notebook';
import type { Notebook } from './notebook';
import type { KnownPaths } from './pythonPaths';
import { readPython } from './pythonReader';
import type { PythonImport } from './pythonImports';
import type { PythonCode } from './pythonReader';
import type { PythonLiteral } from './pythonSyntax';
import { argvNeeds, shellNeeds } from './shellCommands';
import type { ShellNeeds } from './shellCommands';
import type { Place, TakenAlong } from './takenAlong';

/** In characters. Longer cells and modules aren't read: the parser takes 3 ms per 1000 characters. */
export const MAX_SOURCE_LENGTH = 200_000;

/** One search, from the cells on through all that they need; each Python file is read once. */
export class Search {
  constructor(view: FolderView, taken: TakenAlong) {
    this.view = view;
    this.taken = taken;
    this.named = new NamedFiles(view, taken, this.seen, (path, reading) =>
      this.readScript(path, reading)
    );
  }

  usesIpyparallel = false;
  usesMpi = false;
  enginesAsked = 0;

  async readCells(
    { language, cells }: Notebook,
    placeOf: (cell: number) => Place,
    surroundings: Surroundings
  ): Promise<void> {
    if (!isPython(language)) {
      return;
    }
    for (const { number, source } of cells) {
      await this.readCellSource(source, { ...surroundings, place: placeOf(number) });
    }
  }

  /** Looks at what could not be judged before all had been read. */
  async finish(): Promise<void> {
    while (this.hasUnknownCommand && this.texts.length > 0) {
      for (const { parts, reading } of this.texts.splice(0)) {
        await this.addShell({ ...shellNeeds(parts), listings: [] }, reading);
      }
    }
    for (const { listing, reading } of this.listings) {
      await this.addListing(listing, reading);
    }
  }

  private readonly view: FolderView;
  private readonly taken: TakenAlong;
  private readonly named: NamedFiles;
  private readonly seen = new Set<string>();
  private readonly listings: { listing: Listing; reading: Reading }[] = [];
  private readonly texts: { parts: PythonLiteral; reading: Reading }[] = [];
  private readonly endings = new Set<string>();
  /** by file; null for the notebook's cells, which have their variables in common */
  private readonly known = new Map<string | null, KnownPaths>();
  private namesOwnFolder = false;
  private hasUnknownCommand = false;

  private async readCellSource(source: string, reading: Reading): Promise<void> {
    if (this.isTooLarge(source, reading)) {
      return;
    }
    const { python, magics, shell } = readCell(source);
    // The body of %%writefile is no code of this cell, and runs nevertheless.
    this.usesMpi ||= python === null && mentionsMpi(source);
    for (const magic of magics) {
      await this.addMagic(magic, reading);
    }
    for (const text of shell) {
      this.addEngines(enginesAskedIn([text]));
      await this.addShell(shellNeeds([text]), reading);
    }
    if (python !== null) {
      await this.addPython(python, reading);
    }
  }

  private async addPython(text: string, reading: Reading): Promise<void> {
    this.namesOwnFolder ||= namesOwnFolder(text);
    this.usesMpi ||= namesMpi(text);
    const { file } = reading.place;
    const known = this.known.get(file) ?? (new Map() as KnownPaths);
    this.known.set(file, known);
    await this.addCode(readPython(text, known), reading);
  }

  private async readFile(path: string, roots: readonly string[]): Promise<void> {
    if (this.seen.has(path)) {
      return;
    }
    this.seen.add(path);
    const reading = { place: { cell: null, file: path }, roots, folder: folderOf(path) };
    const bytes = (await this.view.entry(path))?.bytes ?? 0;
    const isNotebook = path.endsWith('.ipynb');
    if (bytes > (isNotebook ? MAX_NOTEBOOK_BYTES : 3 * MAX_SOURCE_LENGTH)) {
      this.taken.skip({ ...reading.place, why: 'too-large', named: null });
      return;
    }
    const text = await this.view.read(path);
    if (text === null) {
      return;
    }
    if (isNotebook) {
      const notebook = readNotebook(text);
      if (notebook.kind === 'notebook') {
        await this.readCells(notebook, () => reading.place, reading);
      }
    } else if (path.endsWith('.ipy')) {
      await this.readCellSource(text, reading);
    } else if (/\.(ba|z|k)?sh$/.test(path)) {
      await this.addShell(shellNeeds([text]), reading);
    } else if (!this.isTooLarge(text, reading)) {
      await this.addPython(text, reading);
    }
  }

  private isTooLarge(source: string, { place }: Reading): boolean {
    if (source.length <= MAX_SOURCE_LENGTH) {
      return false;
    }
    this.taken.skip({ ...place, why: 'too-large', named: null });
    // Engines that nobody uses cost little; a cell that needs them and finds none fails.
    this.usesIpyparallel ||= /\bipyparallel\b|^[ \t]*%{1,2}(px|autopx)/m.test(source);
    this.usesMpi ||= mentionsMpi(source);
    return true;
  }

  private async addMagic(magic: Magic, reading: Reading): Promise<void> {
    this.usesIpyparallel ||= isParallelMagic(magic.name);
    const { run, modules, words, shell } = magicNeeds(magic);
    if (run !== null) {
      await this.named.addScript(run, reading);
    }
    for (const module of modules) {
      await this.addImport({ level: 0, module, names: [] }, reading);
    }
    for (const word of words) {
      await this.named.addLiteral([word], reading);
    }
    if (shell !== undefined) {
      await this.addShell(shellNeeds([shell]), reading);
    }
  }

  private async addCode(code: PythonCode, reading: Reading): Promise<void> {
    for (const one of code.imports) {
      await this.addImport(one, reading);
    }
    this.usesMpi ||= asksForMpi(code.literals);
    this.addEngines(code.engines);
    for (const parts of code.literals) {
      await this.named.addLiteral(parts, reading);
      this.keepForLater(parts, reading);
    }
    for (const command of code.commands) {
      this.addEngines(enginesAskedIn(command));
      await this.addShell(shellNeeds(command), reading);
    }
    for (const argv of code.argvs) {
      this.addEngines(enginesAskedIn([argv.map(word => word.join('')).join(' ')]));
      await this.addShell(argvNeeds(argv), reading);
    }
    this.hasUnknownCommand ||= code.hasUnknownCommand;
    this.listings.push(...code.listings.map(listing => ({ listing, reading })));
  }

  private addEngines(asked: number): void {
    this.enginesAsked = Math.max(this.enginesAsked, asked);
  }

  /** What only the whole notebook tells: a command may be put together in another cell than it is run in. */
  private keepForLater(parts: PythonLiteral, reading: Reading): void {
    const text = parts.join('');
    if (/\S\s+\S/.test(text) && text.length <= MAX_COMMAND_LENGTH) {
      this.texts.push({ parts, reading });
    }
    if (/^\*?\.\w[\w.]*$/.test(text)) {
      this.endings.add(text.replace('*', ''));
    }
  }

  private async addShell(needs: ShellNeeds, reading: Reading): Promise<void> {
    for (const module of needs.modules) {
      await this.addImport({ level: 0, module, names: [] }, reading);
    }
    for (const code of needs.code) {
      await this.addPython(code, reading);
    }
    for (const word of needs.words) {
      await this.named.addLiteral(word, reading);
    }
    this.hasUnknownCommand ||= needs.isUnknown;
    this.listings.push(...needs.listings.map(listing => ({ listing, reading })));
  }

  private async addListing({ folder, pattern, text }: Listing, reading: Reading): Promise<void> {
    if (folder === 'unknown' && !this.namesOwnFolder) {
      return;
    }
    const base = folder === 'code' ? reading.folder : '';
    const named = pattern === null ? null : literalPath([pattern]);
    if (named?.kind === 'inside' && named.pattern !== null) {
      const below = base === '' ? named.pattern : `${base}/${named.pattern}`;
      await this.named.takeMatches(below, reading);
    } else if (named?.kind === 'outside') {
      await this.taken.addOutside(pattern ?? text, named, reading.place);
    } else if (base === '') {
      await this.taken.takeOwnFolder(text, [...this.endings], reading.place);
    } else {
      await this.taken.take(base, 'listing', reading.place);
    }
  }

  private async addImport(one: PythonImport, reading: Reading): Promise<void> {
    this.usesIpyparallel ||= one.level === 0 && /^ipyparallel(\.|$)/.test(one.module);
    const { taken, read } = await moduleFiles(this.view, one, reading);
    this.usesMpi ||= taken.length === 0 && isMpiImport(one);
    for (const path of taken) {
      await this.taken.take(path, 'import', reading.place);
    }
    for (const path of read) {
      await this.readFile(path, reading.roots);
    }
  }

  /** A file that is run as a program imports from its own folder first. */
  private async readScript(path: string, { roots }: Reading): Promise<void> {
    await this.readFile(path, [folderOf(path), ...roots]);
  }
}

/** In characters: longer strings are texts, not commands. */
const MAX_COMMAND_LENGTH = 4000;

/** Only for a notebook that another one runs. Most of a large one is outputs, which aren't parsed as code. */
const MAX_NOTEBOOK_BYTES = 50_000_000;
