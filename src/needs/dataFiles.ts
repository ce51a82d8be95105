/** In bytes. Longer ones hold data, not names. */
export const MAX_DATA_BYTES = 200_000;

/** A collection of VTK names pieces, which name files: so deep, and no deeper. */
export const MAX_DATA_DEPTH = 3;

/**
 * Whether a file is a text that may name others: configuration, and formats whose data lie in files of
 * their own: VTK and ParaView (.pvd, .vtm, .pvtu …; docs.vtk.org, *XML file formats*), XDMF
 * (xdmf.org), GDAL (.vrt; gdal.org/drivers/raster/vrt.html), MetaImage (.mhd), NRRD (.nhdr;
 * teem.sourceforge.net/nrrd/format.html), BrainVision (.vhdr), EnSight (.case), GrADS (.ctl), Kaldi's and other lists.
 */
export function isDataFile(path: string): boolean {
  return /\.(ya?ml|json|toml|ini|cfg|conf|pvd|vt[mh]b?|pvt[usir]|pvtp|xdmf|xmf|vrt|mhd|nhdr|vhdr|vmrk|case|ctl|lst|list|cue|qgs|gltf|mtl|obj|sdf|urdf)$/i.test(
    path
  );
}

export interface NameInData {
  name: string;
  /** whether a folder of this name is meant, too: it has a slash, or a key that says so */
  isFolder: boolean;
}

/** Words and whole values that look like names of files: they have a dot, a slash, or a key that says so. */
export function namesInData(text: string): NameInData[] {
  const found = new Map<string, boolean>();
  const add = (value: string, key: string): void => {
    const name = value.trim();
    const isFolder = name.includes('/') || FOLDER_KEY.test(key);
    if (name !== '' && name.length <= 1000 && (name.includes('.') || isFolder)) {
      found.set(name, isFolder || (found.get(name) ?? false));
    }
  };
  for (const line of text.split(/[\r\n]+/)) {
    const [, key = '', value = ''] =
      /^\s*[-{]?\s*["']?([\w .-]*?)["']?\s*[:=]\s*(.*?)[\s,]*$/.exec(line) ?? [];
    add(value.replace(/^(["'])(.*)\1$/, '$2').replace(/\s+#.*$/, ''), key);
    for (const [, double, single, word] of line.matchAll(
      /"((?:\\.|[^"\\])*)"|'([^']*)'|([^\s"'<>=,;()[\]{}]+)/g
    )) {
      const name = double ?? single ?? word ?? '';
      add(name.replaceAll('\\/', '/'), key);
      // XDMF names a data set behind its file: x.h5:/group/set
      add(/^(.+\.\w+):/.exec(name)?.[1] ?? '', key);
    }
  }
  return [...found].map(([name, isFolder]) => ({ name, isFolder }));
}

const FOLDER_KEY = /(dir|directory|folder|path|root)s?$/i;
