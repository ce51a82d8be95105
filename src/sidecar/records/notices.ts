import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { Problem } from '../../api/problem';
import { expectOwn } from '../process/ownFile';

const Noticed = v.pipe(v.string(), v.parseJson(), v.array(Problem));

/** More are no news. */
const MOST = 20;

/**
 * What a person has to be told that no job says: kept in the data folder until somebody has seen it, so that it outlives
 * the service that found it out. A disk that takes no file costs that, and nothing else.
 */
export class Notices {
  private readonly file: string;
  private all: Problem[];

  constructor(folder: string) {
    this.file = path.join(folder, 'notices.json');
    this.all = read(this.file);
  }

  list(): readonly Problem[] {
    return this.all;
  }

  add(notice: Problem): void {
    this.keep([...this.all, notice].slice(-MOST));
  }

  /** Somebody has seen them. */
  told(): void {
    if (this.all.length > 0) {
      this.keep([]);
    }
  }

  private keep(notices: Problem[]): void {
    this.all = notices;
    try {
      if (notices.length === 0) {
        rmSync(this.file, { force: true });
      } else {
        const part = `${this.file}.part`;
        rmSync(part, { force: true });
        writeFileSync(part, JSON.stringify(notices), { mode: 0o600, flag: 'wx' });
        renameSync(part, this.file);
      }
    } catch {
      // It is told for as long as this service runs.
    }
  }
}

function read(file: string): Problem[] {
  try {
    expectOwn(file);
    const found = v.safeParse(Noticed, readFileSync(file, 'utf8'));
    return found.success ? found.output : [];
  } catch {
    return [];
  }
}
