import { describe, expect, it } from 'vitest';

import { filesOf } from './needsOf';

const files = {
  'prep.py': 'import mod\nopen("params.dat")',
  'mod.py': '',
  'params.dat': '',
  'run.sh': 'python3 prep.py < in.dat',
  'in.dat': '',
  prog: 5,
  'a b.csv': '',
  'run0.csv': '',
  'run1.csv': '',
  'conf/c.ini': '',
  'other.bin': 1,
  Makefile: '',
  'sub/x.dat': ''
};

async function takenBy(source: string): Promise<string[]> {
  return (await filesOf(source, files)).map(file => file.replace(/^\w+ /, ''));
}

const prepared = ['mod.py', 'params.dat', 'prep.py'];

describe('the words of shell commands that are files go along', () => {
  it.each<[string, string[]]>([
    ['!python3 prep.py', prepared],
    ['out = !python3 prep.py', prepared],
    ['!!python3 prep.py', prepared],
    ['%sx python3 prep.py', prepared],
    ['%system python3 prep.py', prepared],
    ['%%bash\nset -e\npython3 prep.py --n 3', prepared],
    ['%%sh\npython3 ./prep.py', prepared],
    ['%%script bash\npython3 prep.py', prepared],
    ['%%px\n!python3 prep.py', prepared],
    ['os.system("python3 prep.py")', prepared],
    ['os.popen("python3 prep.py").read()', prepared],
    ['get_ipython().system("python3 prep.py")', prepared],
    ['subprocess.run("python3 prep.py", shell=True)', prepared],
    ['subprocess.run(f"{sys.executable} prep.py {n}", shell=True)', prepared],
    ['subprocess.check_output(shlex.split("python3 prep.py"))', prepared],
    ['subprocess.call("python3 prep.py".split())', prepared],
    ['Popen(args=["python3", "prep.py"])', prepared],
    ['subprocess.run([sys.executable, "-m", "mod"])', ['mod.py']],
    ['!{sys.executable} -m mod', ['mod.py']],
    ['!python -c "import mod"', ['mod.py']],
    ['cmd = "python3 prep.py"\nos.system(cmd)', prepared],
    ['cmd = f"./prog {n} < in.dat"\n!{cmd}', ['in.dat', 'prog']],
    ['!bash run.sh', ['in.dat', ...prepared, 'run.sh']],
    ['os.system("./prog in.dat")', ['in.dat', 'prog']],
    ['!./prog <in.dat >out.dat 2>&1 | tee log; echo done', ['in.dat', 'prog']],
    ['!cd . && ./prog&&cat in.dat', ['in.dat', 'prog']],
    ['subprocess.run(["./prog", "--input=in.dat"])', ['in.dat', 'prog']],
    ['!OMP_NUM_THREADS=2 ./prog -iin.dat', ['in.dat', 'prog']],
    ["!cat 'a b.csv'", ['a b.csv']],
    ['!cat a\\ b.csv', ['a b.csv']],
    ['!curl -d @in.dat http://x.org/in', ['in.dat']],
    ['!cat run{0,1}.csv', ['run0.csv', 'run1.csv']],
    ['!cat run{0..1}.csv', ['run0.csv', 'run1.csv']],
    ['!ls *.csv', ['a b.csv', 'run0.csv', 'run1.csv']],
    ['%ls *.csv', ['a b.csv', 'run0.csv', 'run1.csv']],
    ['%%bash\nfor f in run*.csv; do\n  wc "$f"\ndone', ['run0.csv', 'run1.csv']],
    ['!find . -name "*.ini"', ['conf/c.ini']],
    ['!cat conf/$name.ini', ['conf/c.ini']],
    ['!make -j 2', ['Makefile']],
    ['!cd conf && cat c.ini ../in.dat', ['conf/c.ini', 'in.dat']],
    ['!sbatch --export=IN=in.dat,N=2 run.sh', ['in.dat', ...prepared, 'run.sh']],
    ['!cat conf/{name}.ini', ['conf/c.ini']]
  ])('%j', async (source, paths) => {
    expect(await takenBy(source)).toEqual(paths);
  });

  it.each([
    '!echo hello',
    '!cat $x {x} `x`',
    '!cat # in.dat',
    '!git add .',
    '%%html\nin.dat',
    'print("see in.dat there")',
    'cmd = "cat in.dat"',
    'model.run(x)\ny = "see in.dat there"'
  ])('none: %j', async source => {
    expect(await takenBy(source)).toEqual([]);
  });
});
