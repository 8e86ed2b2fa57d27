// progy completion: the scripts know every command and option, and the shells that this machine has use them.
import { execFile } from 'node:child_process';
import { Readable, Writable } from 'node:stream';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { SHELLS } from '../../completion/scripts.ts';
import { main } from '../../main.ts';

const run = promisify(execFile);

async function progy(...argv: string[]): Promise<string> {
  const chunks: Buffer[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  const signal = new AbortController().signal;
  const env = { PATH: process.env.PATH };
  const surroundings = { cwd: process.cwd(), env, stdin: Readable.from([]), stdout, stderr: stdout, signal };
  await main(argv, surroundings);
  return Buffer.concat(chunks).toString('utf8');
}

/** What help lists after some words: the truth that completion must keep in step with. */
async function helpWords(path: readonly string[]): Promise<{ commands: string[]; options: string[] }> {
  const help = await progy(...path, '--help');
  const hasCommands = /^Usage: .*\[command\]$/m.test(help);
  // Sections have a title and indented lines; those of commands come after the options and before the examples.
  const sections = help.split(/\n\n(?=[^ ].*:\n)/).slice(1);
  const begun = sections.findIndex((section) => section.startsWith('Options:'));
  const ended = sections.findIndex((section) => /^(?:Examples|To use it)/.test(section));
  const groups = sections.slice(begun + 1, ended === -1 ? undefined : ended);
  const wordsIn = (section: string, word: RegExp) => Array.from(section.matchAll(word), ([, found]) => found ?? '');
  return {
    options: wordsIn(sections[begun] ?? '', /^ {2}(?:-\w, )?(--[\w-]+)/gm),
    commands: (hasCommands ? groups : []).flatMap((section) => wordsIn(section, /^ {2}([a-z][\w-]*)/gm)),
  };
}

/** Every place of the program: the words that lead there. */
async function places(path: readonly string[] = []): Promise<string[][]> {
  const { commands } = await helpWords(path);
  const below = await Promise.all(commands.map((command) => places([...path, command])));
  return [[...path], ...below.flat()];
}

const scripts = new Map<string, string>();
for (const shell of SHELLS) scripts.set(shell, await progy('completion', shell));
const everywhere = await places();

/** The words that bash completes after some. */
async function bashWords(t: Test, path: readonly string[], begun = ''): Promise<string[]> {
  const lines = `COMP_WORDS=(progy "$@"); COMP_CWORD=$#; _progy; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await run('bash', ['-c', `${scripts.get('bash')}\n${lines}`, 'bash', ...path, begun]);
  t.equal(stderr, '');
  return stdout.split('\n').filter(Boolean);
}

t.test('there are places to complete at', async (t) => {
  t.ok(everywhere.length > 15, `${everywhere.length} places`);
  t.ok(
    everywhere.some((path) => path.join(' ') === 'org set'),
    'groups have theirs',
  );
});

t.test('bash completes what help lists, everywhere', async (t) => {
  for (const path of everywhere) {
    const { commands, options } = await helpWords(path);
    const words = await bashWords(t, path);
    for (const word of [...commands, ...options]) t.ok(words.includes(word), `progy ${path.join(' ')} ${word}`);
  }
});

t.test('bash completes what was begun, also after options and values', async (t) => {
  t.same(await bashWords(t, [], 'un'), ['unyank']);
  t.same(await bashWords(t, ['org'], 's'), ['set']);
  t.same(await bashWords(t, ['init', '--no-git'], '--reg'), ['--registry']);
  t.same(await bashWords(t, ['org', 'set', 'acme', 'ana'], 'own'), ['owner']);
  t.same(await bashWords(t, ['completion'], 'z'), ['zsh']);
  t.same(await bashWords(t, ['init'], 'org'), [], 'a command does not follow a command');
});

t.test('the other shells know every place, and every word of it', async (t) => {
  for (const shell of ['zsh', 'fish', 'powershell']) {
    const lines = scripts.get(shell)?.split('\n') ?? [];
    for (const path of everywhere) {
      const { commands, options } = await helpWords(path);
      const place = ['progy', ...path].join(' ');
      const quoted = shell === 'fish' ? `__progy_at \\'${place}\\'` : `'${place}'`;
      const about = lines.filter((line) => line.includes(quoted)).join('\n');
      for (const word of [...commands, ...options]) {
        const text = shell === 'fish' ? word.replace(/^--/, '-l ') : word;
        t.ok(about.includes(text), `${shell}: ${place} ${word}`);
      }
    }
  }
});

t.test('the shells that this machine has can read their scripts', async (t) => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const reading = run(shell, ['-n', '-c', scripts.get(shell) ?? '']);
    const outcome = await reading.then(
      () => 'read',
      (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? 'not here' : error.message),
    );
    t.match(outcome, /^(?:read|not here)$/, shell);
  }
});

t.test('a shell that nobody has is refused', async (t) => {
  t.match(await progy('completion', 'tcsh'), 'Allowed choices are bash, zsh, fish, powershell.');
  t.match(JSON.parse(await progy('completion', 'bash', '--json')), { success: true, shell: 'bash', script: /^# / });
});
