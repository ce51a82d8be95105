import type { GpuOption, SchedulerName } from '../api/cluster';
import type { Account, Qos, Queue } from '../api/clusterCheck';
import type { FieldProblem } from '../api/field';
import type { JobForm, JobSpec } from '../api/jobSpec';
import type { Refusal } from '../api/refusals';
import type { Wait } from '../api/waiting';

/** A job as a scheduler sees it. All paths are absolute paths on the cluster. */
export interface BatchJob {
  id: string;
  spec: JobSpec;
  /** The script that is submitted. */
  script: string;
  /** The file that takes the script's output. */
  log: string;
  /** How the cluster wants to be asked for GPUs. */
  gpuOption: GpuOption;
}

/** How a job ended, as its scheduler says. */
export interface JobEnd {
  how:
    | 'completed'
    | 'failed'
    | 'cancelled'
    | 'timed-out'
    | 'deadline'
    | 'out-of-memory'
    | 'node-failure'
    | 'preempted';
  /** Whether anything of it may have run; false only where the scheduler is sure, as it never had a node. */
  hasRun: boolean;
  /** When it ended, in seconds since 1970. */
  at: number | null;
  /** How its script ended: an exit status, or the signal that ended it. */
  status: number | null;
  signal: number | null;
  /** Who cancelled it: this user, or somebody else. */
  by: 'account' | 'administrator' | null;
}

/** One job as the queue shows it. */
export interface QueueEntry {
  schedulerId: string;
  /** Our own id, read out of the job's name; null where the queue shows a job that is not ours. */
  jobId: string | null;
  /** 'unknown': it is there, and in a state that we have no word for. */
  state: 'queued' | 'running' | 'unknown' | 'over';
  /** How it ended; not null exactly for a job that is over. */
  end: JobEnd | null;
  /** Why it waits, in the scheduler's own word. */
  reason: string | null;
  /** The same as one of our codes, where that is known. */
  wait: Wait | null;
  /** When the scheduler expects it to start, in seconds since 1970. */
  estimatedStart: number | null;
}

/** How often a queue may be asked, in seconds: right after a submission, and at most. */
export interface QueuePace {
  firstSeconds: number;
  longestSeconds: number;
}

/** What a batch system says of itself. */
export interface Limits {
  /** As `23.02.6`; null where it was not told. */
  version: string | null;
  queues: Queue[];
  /** Those that jobs of this person may name; left out where nothing tells. */
  accounts?: Account[];
  qos?: Qos[];
}

/** How a system is told from others on a host. */
export interface Detection {
  /** The command that it is looked for by; others may have one of this name. */
  program: string;
  /**
   * What is run where that was found, to tell whose it is: seconds at most, and it must not need the system to answer; null
   * where the name is enough.
   */
  whose: {
    argv: string[];
    /** Whether what it printed, on either stream, is this system's; what failed has printed something else. */
    parse(output: string): boolean;
  } | null;
}

/** Jobs that the queue has forgotten, and what it does not say. */
export interface Records {
  /** Prints how these jobs ended, as far as is known. Quiet where a site has no such records: that is normal. */
  argv(schedulerIds: readonly string[]): string[];
  /** Reads what it printed: the ends, by the scheduler's id. Jobs that are not over are not in it. */
  parse(output: string): Map<string, JobEnd>;
}

/** The question for `Limits`. */
export interface AskedLimits {
  /**
   * Prints the version, the queues with their limits, and the person's accounts; fails when the system does not answer, and with 127 when its
   * commands are not there.
   */
  argv: string[];
  /** Reads what it printed, as far as it came; lines of other people's making are passed over. */
  parse(output: string): Limits;
}

/** How engines are started; the runner reads it out of job.json as it is. */
export interface Launch {
  /** What is put before an engine's argv to start all of them; empty: each is started by itself, on one machine. */
  argv: string[];
  /** The variable that then holds an engine's rank. */
  rank: string | null;
  /**
   * The same for one process a node, which starts the engines of its node as its children; null: each engine is started by
   * the scheduler, or all are on one machine. `argv` has the number of nodes at `{nodes}`, and `rank` then holds a node's index. The job directory stands at `{directory}` in either argv.
   */
  nodes: {
    argv: string[];
    /** The variable that then holds the name of the node, as the scheduler calls it. */
    name: string;
    /** The job's variable that says how many engines are on each node, in their order: `4(x3),2`; null: `hosts` does. */
    engines: string | null;
    /** The job's variable with a file of its hosts and their slots, `gx2 4 ...`: a host's engines are those that its slots have room for. */
    hosts: string | null;
    /** The variable that says how many CPUs of a node are the job's; an engine is bound to its part where that process is confined. */
    cpus: string | null;
    /**
     * Variables by which the scheduler binds something to each engine, and a pattern of what they then hold: where one does, it
     * has to start each.
     */
    bound: Record<string, string>;
    /** What each engine is to find as if it had been started by itself: its rank, that on its node, the number of all, and what is the job's own. */
    each: { rank: string[]; local: string[]; all: string[]; job: string[] };
  } | null;
  /** The ways to start engines that are ranks of one MPI world, in the order in which they are tried. */
  mpi: MpiLaunch;
}

/** What is tried to start MPI ranks. */
export interface MpiLaunch {
  /**
   * By the scheduler: `list` prints the plugins that there are, and one of them goes where `argv` has `{plugin}`. null: it
   * cannot, or is not to be tried.
   */
  plugins: { list: string[]; argv: string[] } | null;
  /** By the mpiexec that belongs to the engines' MPI; where `nodes.hosts` lists hosts, it is told these. */
  mpiexec: boolean;
  /**
   * What such an mpiexec puts before the name of a host and a command line for a shell there, as it does with rsh, where it cannot
   * be left to know the scheduler by itself; the job directory stands at `{directory}`. `hydra`: whether MPICH's cannot, either;
   * Open MPI's never is.
   */
  agent: { argv: string[]; hydra: boolean } | null;
  /** By a command of the site, with the number of engines at `{engines}`. Beside the others it is tried where it is found. */
  own: string[] | null;
}

/**
 * One batch system. Pure: it returns text, argv and values, and never runs, reads or logs anything; quoting is done
 * where an argv is put into a script. What a parse cannot understand is null, never a guess.
 */
export interface Scheduler {
  readonly name: SchedulerName;

  /** How the system is known on a host; null for what every host has. */
  readonly detect: Detection | null;

  /** Variables that tell its commands which of several systems is meant. */
  readonly variables: readonly string[];

  /** The optional fields of a form that this system can honor; any other field that is set is refused. */
  readonly supports: readonly (keyof JobForm)[];

  /**
   * What follows when a successful queue answer lacks a job that left no exit.json: how long, in seconds, until its
   * absence is believed, how long after that its files may still be on their way through a shared file system, and
   * whether the job can then only have been killed.
   */
  readonly absence: {
    confirmSeconds: number;
    filesSeconds: number;
    meansKilled: boolean;
  };

  readonly queuePace: QueuePace;

  /** The lines at the top of the script, after `#!`, that carry the whole request. */
  directives(job: BatchJob): string[];

  /** What the person's own directives may not say: what would lose the job, and what its fields say already. */
  directiveProblems(job: BatchJob): FieldProblem[];

  /** Submits the script; prints something that `parseJobId` understands. */
  submitArgv(job: BatchJob): string[];

  /** The scheduler's id of the job, or null when the output of a submission does not hold one. */
  parseJobId(output: string): string | null;

  /**
   * Sorts what a submission said that ended with a status other than 0: what has to change; 'unclear' where the job may
   * be in the queue nevertheless; null where the text is none that is known.
   */
  parseRefusal(output: string): Refusal | 'unclear' | null;

  /** Ends a job, whatever its state; succeeds when it is gone already. */
  cancelArgv(job: { id: string; schedulerId: string }): string[];

  /** Prints all jobs of this user that the queue still knows. */
  statusArgv(): string[];

  /** Reads what `statusArgv` printed; lines of other people's making are passed over. */
  parseStatus(output: string): QueueEntry[];

  /** What the system's own records tell of jobs that are over; null where it keeps none. */
  readonly records: Records | null;

  /** What can be asked about the system itself; null: there is nothing to ask. */
  readonly limits: AskedLimits | null;

  /** How `spec.engines` engines are started in the allocation. */
  launch(spec: JobSpec): Launch;

  /**
   * The signal that all processes of a job get some time before they are killed, where that is not TERM alone; the
   * script ends the job at it, and nothing else of ours minds it, nor USR1, which warns.
   */
  readonly endSignal: 'USR2' | 'URG' | null;

  /** Exit codes of a script that the system takes for an order, as to run it again: the script ends with none of them. */
  readonly orders: readonly number[];

  /** The shell word that gives the scheduler's id of the running job, such as `"$SLURM_JOB_ID"`. */
  readonly idWord: string;
}
