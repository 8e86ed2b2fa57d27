// Owns the scenarios: every measured read and publish, by name, and the packages that they need.
import { makeVersions, type Publish } from './packages.ts';

const KB = 1024;
const MB = 1024 * KB;

/** The object of a read. Targets know its address. */
export type Wanted = 'full' | 'abbreviated' | 'manifest' | 'tarball' | 'missing' | 'search';

export interface ReadScenario {
  name: string;
  title: string;
  want: Wanted;
  /** The package it is about. */
  package: string;
  connections: number;
  /** With `Accept-Encoding: gzip`. */
  gzip?: boolean;
  /** With the ETag of the document, so that 304 is the answer. */
  conditional?: boolean;
  /** With a token. */
  signedIn?: boolean;
}

export interface PublishScenario {
  name: string;
  title: string;
  door: 'npm' | 'progy' | 'object';
  package: string;
  bytes: number;
  /** Publishes in one round. */
  times: number;
}

/** A run of two minutes leaves out what takes long to publish or to send. */
export interface Scope {
  quick: boolean;
}

const ONE = '@diego/one';
const TWO_HUNDRED = '@diego/two-hundred';
const THOUSAND = '@diego/thousand';
const SMALL = '@diego/small';
const LARGE = '@diego/large';

/** Packages published beforehand: number of versions, and bytes in each. */
const SEEDED: readonly [name: string, versions: number, bytes: number][] = [
  [ONE, 1, 0],
  [TWO_HUNDRED, 200, 0],
  [THOUSAND, 1_000, 0],
  [SMALL, 1, 100 * KB],
  [LARGE, 1, 10 * MB],
];

const READS: readonly (ReadScenario & { slow?: true })[] = [
  { name: 'full-1', title: 'full packument, 1 version', want: 'full', package: ONE, connections: 10 },
  { name: 'full-200', title: 'full packument, 200 versions', want: 'full', package: TWO_HUNDRED, connections: 10 },
  {
    name: 'full-1000',
    title: 'full packument, 1,000 versions',
    want: 'full',
    package: THOUSAND,
    connections: 10,
    slow: true,
  },
  {
    name: 'abbreviated-200',
    title: 'abbreviated, 200 versions',
    want: 'abbreviated',
    package: TWO_HUNDRED,
    connections: 10,
  },
  {
    name: 'full-200-gzip',
    title: 'full, 200 versions, gzip',
    want: 'full',
    package: TWO_HUNDRED,
    connections: 10,
    gzip: true,
  },
  {
    name: 'abbreviated-200-gzip',
    title: 'abbreviated, 200 versions, gzip',
    want: 'abbreviated',
    package: TWO_HUNDRED,
    connections: 10,
    gzip: true,
  },
  { name: 'not-modified-1', title: '304, 1 version', want: 'full', package: ONE, connections: 10, conditional: true },
  {
    name: 'not-modified-200',
    title: '304, 200 versions',
    want: 'full',
    package: TWO_HUNDRED,
    connections: 10,
    conditional: true,
  },
  {
    name: 'signed-in',
    title: 'full packument, 1 version, with a token',
    want: 'full',
    package: ONE,
    connections: 10,
    signedIn: true,
  },
  { name: 'manifest', title: 'manifest of a version', want: 'manifest', package: ONE, connections: 10 },
  { name: 'missing', title: '404', want: 'missing', package: '@diego/missing', connections: 10 },
  { name: 'search-rare', title: 'search, a rare word', want: 'search', package: ONE, connections: 10 },
  { name: 'tarball-100kb', title: 'tarball of 100 KB', want: 'tarball', package: SMALL, connections: 10 },
  { name: 'tarball-10mb', title: 'tarball of 10 MB, one at a time', want: 'tarball', package: LARGE, connections: 1 },
  { name: 'tarball-10mb-4', title: 'tarball of 10 MB, 4 at once', want: 'tarball', package: LARGE, connections: 4 },
];

const PUBLISHES: readonly (PublishScenario & { slow?: true })[] = [
  {
    name: 'publish-100kb',
    title: 'publish 100 KB, npm door',
    door: 'npm',
    package: '@diego/new',
    bytes: 100 * KB,
    times: 5,
  },
  {
    name: 'publish-100kb-progy',
    title: 'publish 100 KB, progy door',
    door: 'progy',
    package: '@diego/new-progy',
    bytes: 100 * KB,
    times: 5,
  },
  {
    name: 'publish-on-200',
    title: 'publish 100 KB on 200 versions',
    door: 'npm',
    package: TWO_HUNDRED,
    bytes: 100 * KB,
    times: 5,
  },
  {
    name: 'publish-on-1000',
    title: 'publish 100 KB on 1,000 versions',
    door: 'npm',
    package: THOUSAND,
    bytes: 100 * KB,
    times: 5,
    slow: true,
  },
  {
    name: 'publish-10mb',
    title: 'publish 10 MB, npm door',
    door: 'npm',
    package: '@diego/new-large',
    bytes: 10 * MB,
    times: 1,
  },
  {
    name: 'publish-10mb-progy',
    title: 'publish 10 MB, progy door',
    door: 'progy',
    package: '@diego/new-large-progy',
    bytes: 10 * MB,
    times: 1,
  },
  {
    name: 'publish-94mb',
    title: 'publish 94 MB, progy door',
    door: 'progy',
    package: '@diego/new-huge',
    bytes: 94 * MB,
    times: 1,
    slow: true,
  },
];

export function readScenarios({ quick }: Scope): ReadScenario[] {
  return READS.filter(({ slow }) => !(quick && slow));
}

export function publishScenarios({ quick }: Scope): PublishScenario[] {
  return PUBLISHES.filter(({ slow }) => !(quick && slow));
}

/** The versions to publish, in sequence, before these packages are measured. */
export function* seeds(packages: ReadonlySet<string>): Iterable<Publish> {
  for (const [name, versions, bytes] of SEEDED) {
    if (packages.has(name)) yield* makeVersions(name, versions, bytes);
  }
}
