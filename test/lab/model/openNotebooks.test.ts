import { Signal } from '@lumino/signaling';
import { describe, expect, it } from 'vitest';
import { contentsPathOf } from '../../../src/api/paths';
import { type NotebookTracker, OpenNotebooks } from '../../../src/lab/model/openNotebooks';

/** A notebook as Lab has it open. */
class Widget {
  readonly model = { dirty: true };
  readonly pathChanged = new Signal<this, string>(this);
  readonly saveState = new Signal<this, string>(this);
  readonly context = this;
  saves = 0;

  constructor(
    public path: string,
    readonly contentsModel: { writable: boolean } | null = { writable: true }
  ) {}

  save(): Promise<void> {
    this.saves += 1;
    return Promise.resolve();
  }
}

class Tracker implements NotebookTracker {
  readonly currentChanged = new Signal<this, unknown>(this);

  constructor(
    readonly widgets: Widget[],
    public currentWidget: Widget | null = widgets[0] ?? null
  ) {}

  find(isIt: (widget: Widget) => boolean): Widget | undefined {
    return this.widgets.find(isIt);
  }
}

describe('OpenNotebooks', () => {
  it('gives the current notebook, and any by its path', async () => {
    const [one, two] = [new Widget('a.ipynb'), new Widget('b/c.ipynb', { writable: false })];
    const notebooks = new OpenNotebooks(new Tracker([one, two]));
    expect(notebooks.current).toMatchObject({ path: 'a.ipynb', isDirty: true, isReadOnly: false });
    expect(notebooks.find(contentsPathOf('b/c.ipynb'))).toMatchObject({ isReadOnly: true });
    expect(notebooks.find(contentsPathOf('c.ipynb'))).toBeNull();
    await notebooks.find(contentsPathOf('b/c.ipynb'))?.save();
    expect([one.saves, two.saves]).toEqual([0, 1]);
  });

  it('calls files by the names that Jupyter has for them, in collaboration too', () => {
    const notebooks = new OpenNotebooks(new Tracker([new Widget('RTC:a.ipynb')]));
    expect(notebooks.current?.path).toBe('a.ipynb');
    expect(notebooks.find(contentsPathOf('a.ipynb'))).not.toBeNull();
  });

  it('tells what happens to the current notebook, and to no other', () => {
    const [one, two] = [new Widget('a.ipynb'), new Widget('b.ipynb')];
    const tracker = new Tracker([one, two]);
    const notebooks = new OpenNotebooks(tracker);
    const told: string[] = [];
    notebooks.changed.connect(({ current }) => told.push(`now ${current?.path}`));
    notebooks.moved.connect((_, { from, to }) => told.push(`${from} to ${to}`));
    notebooks.saved.connect(() => told.push('saved'));

    one.saveState.emit('started');
    one.saveState.emit('completed');
    one.path = 'new.ipynb';
    one.pathChanged.emit(one.path);
    tracker.currentWidget = two;
    tracker.currentChanged.emit(two);
    one.saveState.emit('completed');
    one.pathChanged.emit('old.ipynb');
    tracker.currentWidget = null;
    tracker.currentChanged.emit(null);
    expect(told).toEqual(['saved', 'a.ipynb to new.ipynb', 'now b.ipynb', 'now undefined']);
  });
});
