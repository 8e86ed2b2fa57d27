// Owns serving git repositories: one `git daemon` a connection, as inetd would start it.
import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:net';

export interface GitServer {
  port: number;
  stop(): Promise<void>;
}

/** Serves the bare repositories in a folder to readers. */
export async function serveGit(folder: string): Promise<GitServer> {
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const args = ['daemon', '--inetd', '--export-all', `--base-path=${folder}`, folder];
    const daemon = spawn('git', args, { stdio: ['pipe', 'pipe', 'ignore'] });
    // Whoever hangs up early ends it.
    for (const stream of [socket, daemon.stdin, daemon.stdout]) stream.on('error', () => socket.destroy());
    socket.pipe(daemon.stdin);
    daemon.stdout.pipe(socket);
    socket.on('close', () => daemon.kill());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('git could not be served');
  return { port: address.port, stop: () => new Promise((resolve) => server.close(() => resolve())) };
}
