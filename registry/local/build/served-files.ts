// Owns the Worker's binding ASSETS on this machine: what is shipped beside the Worker, made when it is first asked for.
import { type ShippedFiles, shippedFiles } from './client-package.ts';

/** By the registry's origin. */
const made = new Map<string, Promise<ShippedFiles>>();

/** Answers as Cloudflare's assets do: the file, or 404. The Worker asks at its own origin. */
export async function serveShipped(request: { readonly url: string }): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  const files = await shippedFor(origin);
  const bytes = files[pathname.slice(1)];
  if (bytes === undefined) return new Response(null, { status: 404 });
  return new Response(bytes as Uint8Array<ArrayBuffer>);
}

function shippedFor(origin: string): Promise<ShippedFiles> {
  const before = made.get(origin);
  if (before !== undefined) return before;
  const making = shippedFiles(origin);
  made.set(origin, making);
  // A build that failed is tried again.
  making.catch(() => made.delete(origin));
  return making;
}
