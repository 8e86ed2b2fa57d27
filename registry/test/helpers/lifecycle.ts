// Owns what tests of the life of a version share: a course with versions, what npm sends about it, and looking behind the answers.
import { type PackageName, parsePackageName } from '@progy/protocol/course/package-name.ts';
import type { Packument } from '@progy/protocol/wire/packument.ts';
import { packumentPath, tarballPath, yankPath } from '@progy/protocol/wire/urls.ts';
import { type Answer, bearer, packCourse, type TestRegistry } from '../harness.ts';

/** The fields of an audit log row that tests check. */
interface AuditRow {
  action: string;
  username: string | null;
  version: string | null;
  before: unknown;
  after: unknown;
}

/** One course of a test, and its publisher. */
export class Course {
  readonly name: PackageName;
  readonly #registry: TestRegistry;
  readonly #token: string;

  constructor(registry: TestRegistry, token: string, name: string) {
    this.#registry = registry;
    this.#token = token;
    this.name = parsePackageName(name);
  }

  /** The same course, for somebody else. */
  as(token: string): Course {
    return new Course(this.#registry, token, this.name.full);
  }

  async publish(version: string, tag?: string): Promise<Answer> {
    return this.#registry.publish(this.#token, await packCourse(this.name.full, version), { tag });
  }

  /** What npm reads before it changes something. */
  async read(): Promise<Packument> {
    const path = `${packumentPath(this.name)}?write=true`;
    return (await this.send('GET', path)).body as unknown as Packument;
  }

  /** `{tag: version}`. */
  async tags(): Promise<Record<string, string>> {
    return (await this.read())['dist-tags'];
  }

  /** What `npm deprecate` sends: the packument, each of these versions with the message. */
  async deprecate(versions: readonly string[], message: string): Promise<Answer> {
    return this.put(deprecated(await this.read(), versions, message));
  }

  put(packument: object): Promise<Answer> {
    return this.send('PUT', packumentPath(this.name), packument);
  }

  /** The first step of `npm unpublish @scope/slug@version`. */
  putWithout(packument: Packument, version: string, rev = packument._rev): Promise<Answer> {
    const { [version]: _, ...versions } = packument.versions;
    return this.send('PUT', `${packumentPath(this.name)}/-rev/${rev}`, { ...packument, versions });
  }

  /** The last step of it. */
  deleteTarball(version: string, rev: string): Promise<Answer> {
    return this.send('DELETE', `${tarballPath(this.name, version)}/-rev/${rev}`);
  }

  /** What `npm unpublish @scope/slug` sends. */
  deleteAll(rev: string): Promise<Answer> {
    return this.send('DELETE', `${packumentPath(this.name)}/-rev/${rev}`);
  }

  tag(tag: string, version: string): Promise<Answer> {
    return this.send('PUT', `/-/package/@${this.name.scope}%2f${this.name.slug}/dist-tags/${tag}`, version);
  }

  yank(version: string, reason = ''): Promise<Answer> {
    return this.send('POST', yankPath(this.name, version), { reason });
  }

  unyank(version: string): Promise<Answer> {
    return this.send('DELETE', yankPath(this.name, version));
  }

  send(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { ...bearer(this.#token), 'Content-Type': 'application/json' };
    return this.#registry.json(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  }

  /** Makes versions look that old: all of them, or those named. */
  async age(hours: number, ...versions: string[]): Promise<void> {
    const published = Math.floor(Date.now() / 1000) - hours * 3600;
    await this.#registry.env.DB.prepare(
      `UPDATE registry_versions SET created_at = ?1 WHERE package_id = (SELECT id FROM registry_packages WHERE name = ?2)
       AND (json_array_length(?3) = 0 OR version IN (SELECT value FROM json_each(?3)))`,
    )
      .bind(published, this.name.full, JSON.stringify(versions))
      .run();
  }

  /** The audit log of the course, oldest first, without what publishing wrote. */
  async audited(): Promise<AuditRow[]> {
    const { results } = await this.#registry.env.DB.prepare(
      "SELECT action, username, version, before, after FROM registry_audit_log WHERE subject = ? AND action <> 'publish' ORDER BY id",
    )
      .bind(this.name.full)
      .all<Record<keyof AuditRow, string | null>>();
    return results.map((row) => ({
      action: String(row.action),
      username: row.username,
      version: row.version,
      before: JSON.parse(row.before ?? 'null'),
      after: JSON.parse(row.after ?? 'null'),
    }));
  }
}

/** A packument with a deprecation in it. */
export function deprecated(packument: Packument, versions: readonly string[], message: string): Packument {
  const changed = versions.map((version) => [version, { ...packument.versions[version], deprecated: message }]);
  return { ...packument, versions: { ...packument.versions, ...Object.fromEntries(changed) } };
}

/** Publishes courses of diego's, each with its own name and these versions. */
export async function openCourses(registry: TestRegistry) {
  const diego = await registry.signUp('diego');
  let made = 0;
  return async (...versions: string[]): Promise<Course> => {
    const course = new Course(registry, diego, `@diego/course-${++made}`);
    for (const version of versions) {
      const { status, body } = await course.publish(version, version.includes('-') ? 'next' : undefined);
      if (status !== 201) throw new Error(`Not published: ${body.error}`);
    }
    return course;
  };
}
