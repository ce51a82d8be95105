import type { PythonImport } from './pythonImports';
import type { PythonLiteral } from './pythonSyntax';

// What uses MPI would, in engines that are no ranks of one MPI world, compute alone in each of them and say nothing.

/** Whether an import is of mpi4py or of what stands on it. A module of the person's own may have the same name. */
export function isMpiImport({ level, module, names }: PythonImport): boolean {
  const parts = module.split('.');
  return (
    (level === 0 && MODULES.has(parts[0] ?? '')) ||
    [...parts, ...names].some(name => NAMES.test(name))
  );
}

/** Whether strings of Python code ask ipyparallel, h5py or another library for MPI. */
export function asksForMpi(literals: readonly PythonLiteral[]): boolean {
  return literals.some(parts => parts.length === 1 && ASKING.test(parts[0] ?? ''));
}

/** The same of text: what is told by the words around a string. */
export function namesMpi(text: string): boolean {
  return KEYWORD.test(text);
}

/** The same of text that is not read as Python, with what it imports. */
export function mentionsMpi(text: string): boolean {
  return namesMpi(text) || IMPORTING.test(text);
}

/** By the top of their names. What uses MPI only where it is asked to is not among them. */
const MODULES: ReadonlySet<string> = new Set([
  'adios4dolfinx',
  'chainermn',
  'dask_mpi',
  'dedalus',
  'dolfin',
  'dolfin_adjoint',
  'dolfinx',
  'dolfinx_mpc',
  'fenics',
  'firedrake',
  'fluidfft',
  'fluidsim',
  'heat',
  'horovod',
  'icepack',
  'irksome',
  'mpi4dask',
  'mpi4jax',
  'mpi4py',
  'mpi4py_fft',
  'mpi4py_map',
  'mpi4pyscf',
  'mpiarray',
  'nbodykit',
  'petsc4py',
  'pmesh',
  'pnetcdf',
  'PyTrilinos',
  'pylops_mpi',
  'pyop2',
  'shenfun',
  'slepc4py',
  'thetis',
  'underworld',
  'underworld3'
]);

/** What is only wanted with MPI, wherever it comes from. */
const NAMES = /^(MPI(Exec)?(EngineSet)?Launcher|MPIPool|MPIPoolExecutor|petclaw)$/;

/**
 * `Cluster(engines="mpi")`, `Client(profile="mpi")`, `engine_launcher_class="MPIEngineSetLauncher"`, also with its
 * module, `h5py.File(..., driver="mpio")`, `init_process_group("mpi")`.
 */
const ASKING = /^(mpi|mpio|([\w.]+\.)?MPI(Exec)?(EngineSet)?Launcher)$/;

/** `engines="MPI"`, which is a word of other matters elsewhere; profiles as `slurm-mpi`; the launcher as a name. */
const KEYWORD =
  /\b(engines|engine_launcher_class)\s*=\s*["']MPI["']|\bprofile\s*=\s*["'][^"'\n]*mpi[^"'\n]*["']|\bMPI(Exec)?EngineSetLauncher\b/i;

const IMPORTING = new RegExp(
  String.raw`^[^\S\n]*(?:%{1,2}px[^\S\n]+)?(?:import|from)[^\S\n]+(?:[\w. ]+,[^\S\n]*)*(?:${[...MODULES].join('|')})\b`,
  'm'
);
