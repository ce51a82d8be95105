import type { JupyterFrontEnd } from '@jupyterlab/application';
import { TabPanel, Widget } from '@lumino/widgets';
import { beforeEach, describe, expect, it } from 'vitest';
import { ViewArea } from '../../../src/lab/views/viewArea';

let tabs: TabPanel;
let area: ViewArea<Widget>;
let done: string[];

beforeEach(() => {
  tabs = new TabPanel();
  done = [];
  const shell: Pick<JupyterFrontEnd.IShell, 'add' | 'activateById'> = {
    add: (widget, where) => {
      done.push(`add ${widget.id} ${where}`);
      tabs.addWidget(widget);
    },
    activateById: id => done.push(`activate ${id}`)
  };
  area = new ViewArea(shell as JupyterFrontEnd.IShell, 'down');
});

function view(id: string): Widget {
  const made = new Widget();
  made.id = id;
  return made;
}

describe('an area for views', () => {
  it('shows each once, and in front', () => {
    const a = area.show('a', () => view('a'));
    area.show('b', () => view('b'));
    expect(area.show('a', () => view('another a'))).toBe(a);
    expect(done).toEqual(['add a down', 'activate a', 'add b down', 'activate b', 'activate a']);
    expect(tabs.currentWidget).toBe(a);
  });

  it('makes one that was closed anew', () => {
    const a = area.show('a', () => view('a'));
    a.dispose();
    expect(area.show('a', () => view('a'))).not.toBe(a);
    expect(tabs.widgets).toHaveLength(1);
  });
});
