import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';
import { type ContentsPath, contentsPathOf } from '../../api/paths';

/** A notebook that is open in this page. */
export interface OpenNotebook {
  readonly path: ContentsPath;
  /** Whether it has changes that are not saved. */
  readonly isDirty: boolean;
  readonly isReadOnly: boolean;
  /** Rejects when it could not be saved. */
  save(): Promise<void>;
}

/** The notebooks that are open in this page. */
export interface IOpenNotebooks {
  readonly current: OpenNotebook | null;
  /** Another notebook is current. */
  readonly changed: ISignal<IOpenNotebooks, void>;
  /** The current notebook has a new path. */
  readonly moved: ISignal<IOpenNotebooks, { from: ContentsPath; to: ContentsPath }>;
  /** The current notebook was saved. */
  readonly saved: ISignal<IOpenNotebooks, void>;
  find(path: ContentsPath): OpenNotebook | null;
}

/** What is asked of a document's context. */
interface Context {
  readonly path: string;
  readonly pathChanged: ISignal<unknown, string>;
  readonly saveState: ISignal<unknown, string>;
  readonly contentsModel: { readonly writable: boolean } | null;
  readonly model: { readonly dirty: boolean };
  save(): Promise<void>;
}
interface Tracked {
  readonly context: Context;
}

/** What is asked of Lab's notebook tracker. */
export interface NotebookTracker {
  readonly currentWidget: Tracked | null;
  readonly currentChanged: ISignal<unknown, unknown>;
  find(isIt: (widget: Tracked) => boolean): Tracked | undefined;
}

/** The open notebooks as Lab tracks them. */
export class OpenNotebooks implements IOpenNotebooks {
  readonly changed = new Signal<this, void>(this);
  readonly moved = new Signal<this, { from: ContentsPath; to: ContentsPath }>(this);
  readonly saved = new Signal<this, void>(this);
  private context: Context | null = null;
  private path = contentsPathOf('');

  constructor(private readonly tracker: NotebookTracker) {
    tracker.currentChanged.connect(() => this.onCurrentChanged());
    this.onCurrentChanged();
  }

  get current(): OpenNotebook | null {
    return this.context && asOpen(this.context);
  }

  find(path: ContentsPath): OpenNotebook | null {
    const found = this.tracker.find(({ context }) => contentsPath(context) === path);
    return found ? asOpen(found.context) : null;
  }

  private onCurrentChanged(): void {
    this.context?.pathChanged.disconnect(this.onMoved);
    this.context?.saveState.disconnect(this.onSaveState);
    this.context = this.tracker.currentWidget?.context ?? null;
    this.path = contentsPath(this.context ?? { path: '' });
    this.context?.pathChanged.connect(this.onMoved);
    this.context?.saveState.connect(this.onSaveState);
    this.changed.emit();
  }

  private readonly onMoved = (): void => {
    if (this.context) {
      const from = this.path;
      this.path = contentsPath(this.context);
      this.moved.emit({ from, to: this.path });
    }
  };

  private readonly onSaveState = (_: unknown, state: string): void => {
    if (state === 'completed') {
      this.saved.emit();
    }
  };
}

function asOpen(context: Context): OpenNotebook {
  return {
    path: contentsPath(context),
    isDirty: context.model.dirty,
    isReadOnly: context.contentsModel?.writable === false,
    save: () => context.save()
  };
}

/** Real-time collaboration puts a drive of its own before the paths of Jupyter's own files. */
export function contentsPath({ path }: Pick<Context, 'path'>): ContentsPath {
  return contentsPathOf(path.replace(/^RTC:/, ''));
}
