// Owns the short way to what installers read most: past the list of routes, which takes longer than their answers.
import { type PackageName, tryParsePackageName } from '@progy/protocol/course/package-name.ts';
import type { RequestContext } from './context.ts';
import { isClient } from './domain/rights/client-name.ts';
import type { Reading } from './http/read/reading.ts';
import { failure } from './middleware/report-error.ts';
import { answerManifest, answerPackument } from './routes/npm/read/packument.ts';
import { answerTarball } from './routes/npm/read/tarball.ts';

/** `/@scope/slug`, and what may follow: `/-/slug-1.0.0.tgz`, or `/` and a version or dist-tag. Anything unusual takes the long way. */
const COURSE = /^https?:\/\/[^/]+(\/@[\w.-]+)(?:\/|%2[fF])([\w.-]+)(?:\/-\/(\w[\w.-]*)|\/(\w[\w.-]*))?$/;

/** Answers a GET of a packument, a manifest or a tarball as its route would; undefined for all else. */
export function shortWay(request: Request, openContext: () => RequestContext): Promise<Response> | undefined {
  const [, scope, slug, file, version] = (request.method === 'GET' && COURSE.exec(request.url)) || [];
  if (scope === undefined) return undefined;
  const name = tryParsePackageName(`${scope.slice(1)}/${slug}`);
  if (name === undefined || isClient(name)) return undefined;
  const answer = async () => read({ request, context: openContext() }, name, file, version);
  return answer().catch((error) => failure(error, request));
}

function read(reading: Reading, name: PackageName, file?: string, version?: string): Promise<Response> {
  if (file !== undefined) return answerTarball(reading, name, file);
  return version === undefined ? answerPackument(reading, name) : answerManifest(reading, name, version);
}
