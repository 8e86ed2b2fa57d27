// Owns GET /install.sh and GET /install.ps1: progy for people without npm.
import type { AppContext } from '../../app-env.ts';
import { readInstallScript } from '../../domain/client/install-script.ts';

/** The script of that name, as plain text: a browser shows it, so people can read it before they run it. */
export async function getInstallScript(c: AppContext): Promise<Response> {
  const script = await readInstallScript(c.var.context, c.req.path.slice(1));
  return c.text(script, 200, { 'Cache-Control': 'public, max-age=60' });
}
