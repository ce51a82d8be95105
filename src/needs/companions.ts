/**
 * Formats that keep one thing in several files: whoever has one has all that are there.
 *
 * Rows of ENDINGS have the same name but for what follows it; any file of a row brings the others. A
 * row with `isPrefix` is also found where the code names what they have in common, which is no file
 * (`model.ckpt`, `record_100`). APPENDED are put behind a whole name (`x.bam.bai`).
 */
interface Row {
  endings: string;
  isPrefix?: true;
}

const ENDINGS: readonly Row[] = [
  // ESRI Shapefile Technical Description; support.esri.com, *file extensions of shapefiles*; .qix, .qpj, .qmd: gdal.org, QGIS
  {
    endings: 'shp shx dbf prj cpg cst sbn sbx qix fbn fbx ain aih atx ixs mxs shp.xml qpj qmd qml',
    isPrefix: true
  },
  // MapInfo: gdal.org/drivers/vector/mitab.html
  { endings: 'tab dat id map ind' },
  { endings: 'mif mid' },
  // ENVI: nv5geospatialsoftware.com, *ENVI header files*; the data may have no ending at all
  { endings: 'hdr img img.hdr dat dat.hdr bil bil.hdr bip bip.hdr bsq bsq.hdr raw raw.hdr sli' },
  // Analyze 7.5 and NIfTI-1 pairs, with SPM's .mat: nifti.nimh.nih.gov, *nifti1.h*
  { endings: 'hdr img hdr.gz img.gz mat' },
  // ESRI BIL, BIP, BSQ, FLT and their side files: gdal.org/drivers/raster/ehdr.html
  { endings: 'bil bip bsq flt hdr blw bpw bqw clr stx prj' },
  // ERDAS Imagine with large and reduced parts: gdal.org/drivers/raster/hfa.html
  { endings: 'img ige rrd rde' },
  // R's raster package, IDRISI, ESRI ASCII grid: gdal.org/drivers/raster
  { endings: 'grd gri' },
  { endings: 'rst rdc smp vct vdc' },
  { endings: 'asc prj' },
  // World files: gdal.org/user/raster_data_model.html, en.wikipedia.org/wiki/World_file
  { endings: 'tif tiff tfw tifw tiffw wld prj' },
  { endings: 'jpg jpeg jgw jpgw jpegw wld prj' },
  { endings: 'png pgw pngw wld prj' },
  { endings: 'gif gfw gifw wld prj' },
  { endings: 'bmp bpw bmpw wld prj' },
  { endings: 'jp2 j2w jp2w wld prj' },
  // BrainVision Core Data Format 1.0
  { endings: 'vhdr vmrk eeg dat avg' },
  // EEGLAB: eeglab.org, *EEGLAB data structures*
  { endings: 'set fdt' },
  // Neuroscan, WFDB records (wfdb.io, header(5)), SpikeGLX, Blackrock
  { endings: 'hea dat atr qrs ecg', isPrefix: true },
  { endings: 'meta bin' },
  { endings: 'ns1 ns2 ns3 ns4 ns5 ns6 nev ccf' },
  // MetaImage: itk.org/Wiki/ITK/MetaIO/Documentation
  { endings: 'mhd raw zraw raw.gz' },
  // NRRD, detached: teem.sourceforge.net/nrrd/format.html
  { endings: 'nhdr raw raw.gz nrrd' },
  // SAM/BAM/CRAM: samtools.github.io/hts-specs
  { endings: 'bam bai csi' },
  { endings: 'cram crai' },
  // FASTA with its index and dictionary: htslib.org/doc/faidx.html, GATK *FASTA reference genome format*
  { endings: 'fa fasta fna dict' },
  { endings: 'fa.gz fasta.gz fna.gz dict' },
  // PLINK: cog-genomics.org/plink/2.0/formats
  { endings: 'bed bim fam', isPrefix: true },
  { endings: 'ped map', isPrefix: true },
  { endings: 'pgen pvar psam pvar.zst', isPrefix: true },
  // BLAST databases: ncbi.nlm.nih.gov/books/NBK569850
  { endings: 'nin nhr nsq ndb not ntf nto nog nsd nsi', isPrefix: true },
  { endings: 'pin phr psq pdb pot ptf pto pog psd psi', isPrefix: true },
  // Bowtie 2 and HISAT2 indices: their manuals
  { endings: '1.bt2 2.bt2 3.bt2 4.bt2 rev.1.bt2 rev.2.bt2', isPrefix: true },
  { endings: '1.ht2 2.ht2 3.ht2 4.ht2 5.ht2 6.ht2 7.ht2 8.ht2', isPrefix: true },
  // OpenSlide, MIRAX: a folder of the same name
  { endings: 'mrxs ' },
  // Caffe, OpenVINO, Darknet, ncnn: a net and its weights
  { endings: 'xml bin' },
  { endings: 'prototxt caffemodel' },
  { endings: 'param bin' },
  // Wavefront: paulbourke.net/dataformats/mtl
  { endings: 'obj mtl' }
];

/** What is put behind a whole name, and the names that it is put behind. */
const APPENDED: readonly { to: RegExp; endings: string }[] = [
  // gdal.org/user/raster_data_model.html (PAM), gdaladdo, mask files
  {
    to: /\.(tiff?|jpe?g|png|gif|bmp|jp2|img|vrt|asc|nc|bil|dat|ecw|sid)$/i,
    endings: 'aux.xml ovr msk xml'
  },
  // htslib.org/doc/samtools-index.html, tabix.html, faidx.html, bgzip.html
  { to: /\.bam$/, endings: 'bai csi' },
  { to: /\.cram$/, endings: 'crai' },
  {
    to: /\.(fa|fasta|fna|fq|fastq)(\.gz)?$/,
    endings: 'fai gzi amb ann bwt pac sa 0123 bwt.2bit.64 mmi'
  },
  { to: /\.(vcf|bed|gff|gff3|gtf|tsv|bcf|txt|sam)(\.b?gz)?$/, endings: 'tbi csi gzi idx' },
  // sqlite.org/wal.html; GeoPackage is SQLite
  { to: /\.(db|db3|sqlite3?|gpkg|s3db|mbtiles)$/i, endings: '-wal -shm -journal' },
  // onnx.ai, *external data*
  { to: /\.onnx$/, endings: 'data _data' },
  // radimrehurek.com/gensim, utils.SaveLoad: large arrays are files of their own
  {
    to: /\.(model|kv|bin|wv|vec|d2v|w2v|lda|lsi|index)$/,
    endings:
      'vectors.npy wv.vectors.npy vectors_ngrams.npy wv.vectors_ngrams.npy vectors_vocab.npy wv.vectors_vocab.npy syn1neg.npy trainables.syn1neg.npy dv.vectors.npy docvecs.vectors_docs.npy expElogbeta.npy state id2word index.npy'
  }
];

/** Names, out of those in the same folder, of the files that belong to `name`; itself is not among them. */
export async function companionsOf(
  name: string,
  names: () => Promise<ReadonlySet<string>>
): Promise<string[]> {
  const candidates = new Set([...sameStem(name), ...behind(name), ...inFront(name)]);
  // TensorFlow checkpoints: tensorflow.org/guide/checkpoint
  const checkpoint = /^(.+)\.(?:index|meta|data-\d+-of-\d+)$/.exec(name)?.[1];
  candidates.delete(name);
  if (candidates.size === 0 && checkpoint === undefined) {
    return [];
  }
  const there = await names();
  const found = [...candidates].filter(candidate => there.has(candidate));
  return checkpoint === undefined
    ? found
    : [...new Set([...found, ...prefixedFiles(checkpoint, there)])].filter(one => one !== name);
}

/**
 * The files of a name that is itself none, because all that the format writes has an ending. One alone
 * may be called so by chance.
 */
export function prefixedFiles(prefix: string, names: ReadonlySet<string>): string[] {
  const found = PREFIXED.map(endings =>
    endings.map(ending => `${prefix}.${ending}`).filter(name => names.has(name))
  );
  const shards = [...names].filter(name => name.startsWith(`${prefix}.data-`));
  const checkpoint = names.has(`${prefix}.index`)
    ? [...shards, `${prefix}.index`, `${prefix}.meta`].filter(name => names.has(name))
    : [];
  return [...found, checkpoint].filter(group => group.length > 1).flat();
}

const ROWS = ENDINGS.map(row => row.endings.split(' '));

const PREFIXED = ENDINGS.filter(row => row.isPrefix).map(row => row.endings.split(' '));

function sameStem(name: string): string[] {
  return ROWS.flatMap(endings =>
    endings
      .filter(ending => ending !== '' && name.toLowerCase().endsWith(`.${ending}`))
      .flatMap(ending => {
        const stem = name.slice(0, -ending.length - 1);
        // ENVI's data without an ending; MIRAX's folder
        const bare = endings.includes('img.hdr') || endings.includes('') ? [stem] : [];
        const others = endings.filter(other => other !== '');
        return [
          // Cameras and scanners write `MAP.JPG`, programs `MAP.jgw` beside it.
          ...others.flatMap(other => [`${stem}.${other}`, `${stem}.${other.toUpperCase()}`]),
          ...bare
        ];
      })
  );
}

/** Case of what is put behind stays as the tools write it. */
function behind(name: string): string[] {
  return APPENDED.filter(({ to }) => to.test(name)).flatMap(({ endings }) =>
    endings.split(' ').map(ending => joined(name, ending))
  );
}

function inFront(name: string): string[] {
  return APPENDED.flatMap(({ to, endings }) =>
    endings
      .split(' ')
      .map(ending => joined('', ending))
      .filter(ending => name.endsWith(ending))
      .map(ending => name.slice(0, -ending.length))
      .filter(whole => to.test(whole))
  );
}

function joined(name: string, ending: string): string {
  return /^[-_]/.test(ending) ? `${name}${ending}` : `${name}.${ending}`;
}
