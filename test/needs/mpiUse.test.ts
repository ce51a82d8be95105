import { describe, expect, it } from 'vitest';
import { notebookNeeds } from '../../src/needs/needs';
import { memoryFolder } from './memoryFolder';

const PX = '%%px\n';

async function usesMpi(cells: string[], files: Record<string, string> = {}): Promise<boolean> {
  const notebook = {
    kind: 'notebook' as const,
    language: 'python',
    kernel: null,
    cells: cells.map((source, index) => ({ number: index + 1, source }))
  };
  return (await notebookNeeds(notebook, 'nb.ipynb', memoryFolder(files))).usesMpi;
}

describe('a notebook uses MPI', () => {
  it.each([
    `${PX}from mpi4py import MPI`,
    `${PX}import os, mpi4py.MPI as mpi`,
    `${PX}def f():\n    import mpi4py`,
    '%px from mpi4py import MPI',
    'with rc[:].sync_imports():\n    from mpi4py import MPI',
    "rc[:].execute('from mpi4py import MPI')",
    "@require('mpi4py')\ndef f(): pass",
    "importlib.import_module('mpi4py.MPI')",
    `${PX}import petsc4py, sys\npetsc4py.init(sys.argv)`,
    `${PX}from slepc4py import SLEPc`,
    `${PX}from dolfinx import mesh`,
    `${PX}from firedrake import *`,
    `${PX}import heat as ht`,
    `${PX}import fluidfft`,
    `${PX}from mpi4py_fft import PFFT`,
    `${PX}import mpi4jax`,
    `${PX}import horovod.torch as hvd`,
    `${PX}import dedalus.public as d3`,
    `${PX}f = h5py.File('x.h5', 'w', driver='mpio', comm=comm)`,
    "c = ipp.Cluster(engines='mpi', n=2)",
    'c = ipp.Cluster(engines = "MPI")',
    "c = ipp.Cluster(**{'engines': 'mpi'})",
    "c = ipp.Cluster(engine_launcher_class='mpi')",
    "c = ipp.Cluster(engine_launcher_class='ipyparallel.cluster.launcher.MPIEngineSetLauncher')",
    'c = ipp.Cluster(engines=ipp.cluster.launcher.MPIEngineSetLauncher)',
    'from ipyparallel.cluster.launcher import MPIEngineSetLauncher as Ranks',
    "rc = ipp.Client(profile='mpi')",
    "rc = ipp.Client(profile='slurm-mpi')",
    "name = 'mpi'\nrc = ipp.Client(profile=name)",
    '%%writefile solver.py\nimport os, numpy, mpi4py\n',
    `x = 1\n${'#'.repeat(200_000)}\nfrom mpi4py import MPI\n`
  ])('%j', async cell => {
    expect(await usesMpi(['import ipyparallel as ipp', cell])).toBe(true);
  });

  it.each([
    `${PX}import numpy as np`,
    '# from mpi4py import MPI',
    "print('MPI is not used here; see mpi4py')",
    "df['MPI'].mean()",
    `${PX}import heatmap, mpiless, petsc`,
    "rc = ipp.Client(profile='slurm')",
    "c = ipp.Cluster(engines='slurm')",
    "open('mpi.txt')",
    '%%bash\necho mpi4py'
  ])('not: %j', async cell => {
    expect(await usesMpi(['import ipyparallel as ipp', cell])).toBe(false);
  });

  it('where a module that goes along uses it', async () => {
    const files = { 'solver.py': 'import grid', 'grid.py': 'from mpi4py import MPI' };
    expect(await usesMpi([`${PX}import solver`], files)).toBe(true);
    expect(await usesMpi([`${PX}import numpy`], files)).toBe(false);
    expect(await usesMpi(['%run solver.py'], files)).toBe(true);
    expect(await usesMpi(["rc[:].run('solver.py')"], files)).toBe(true);
    const connect = {
      'connect.py': "import ipyparallel as ipp\nrc = ipp.Client(profile='my_mpi')"
    };
    expect(await usesMpi(['from connect import rc'], connect)).toBe(true);
  });

  it('but not where a module of its own only has such a name', async () => {
    expect(await usesMpi([`${PX}import heat`], { 'heat.py': 'import numpy' })).toBe(false);
    expect(await usesMpi([`${PX}import heat`], { 'heat.py': 'import mpi4py' })).toBe(true);
  });
});
