// Owns the process: its streams, its signals and its end.
import { CliError } from './cli-error.ts';
import { main } from './main.ts';

const interruption = new AbortController();

/** The first signal lets the command clean up; a second one ends it at once. */
function interrupt(): void {
  if (interruption.signal.aborted) process.exit(130);
  interruption.abort(new CliError('INTERRUPTED', 'Interrupted'));
}
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
process.on('SIGHUP', interrupt);

// Whoever read our output may have seen enough: `progy pack --list | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

/** pacote reads the proxy variables by itself; this makes our own requests do so too. Bun always does and lacks the function. */
async function heedProxies(): Promise<void> {
  if (!Object.keys(process.env).some((name) => /^https?_proxy$/i.test(name))) return;
  const { default: http } = await import('node:http');
  http.setGlobalProxyFromEnv?.();
}

async function run(): Promise<void> {
  await heedProxies();
  process.exitCode = await main(process.argv.slice(2), {
    cwd: process.cwd(),
    env: process.env,
    script: process.argv[1],
    // Made when first asked for, and help asks for one only.
    get stdin() {
      return process.stdin;
    },
    get stdout() {
      return process.stdout;
    },
    get stderr() {
      return process.stderr;
    },
    signal: interruption.signal,
  });
  // Connections that a library keeps open must not keep the process. What was said is written out first.
  process.stdout.write('', () => process.stderr.write('', () => process.exit()));
}

// Not awaited: the built file is CommonJS, which starts faster and cannot wait here.
void run();
