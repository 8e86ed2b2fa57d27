-- The full-text indexes of search, anew: what they find first is what most people install, so that a search can stop early.
-- Written by hand: drizzle knows neither virtual tables, views nor triggers. Each row has the number that registry_search_places
-- gives its course. The indexes keep no texts of their own, nor does a table beside them: all of it is in the view.
DROP TRIGGER list_follows_version;
--> statement-breakpoint
DROP TRIGGER list_follows_package;
--> statement-breakpoint
DROP TRIGGER listed_course_is_indexed;
--> statement-breakpoint
DROP TRIGGER delisted_course_leaves_index;
--> statement-breakpoint
DROP TABLE registry_search;
--> statement-breakpoint
DROP TABLE registry_search_heads;
--> statement-breakpoint
DROP VIEW registry_listable_courses;
--> statement-breakpoint
-- What search may find of each course. Letters that the tokenizer would drop are part of some languages' names, so those
-- become words. A scope is one word here, whatever hyphens it has: scope:escola is not @escola-42. Courses that are downloaded
-- about as much share a shelf of 2^41 places; those with most have the first.
CREATE VIEW registry_listable_courses AS
SELECT
  p.id AS package_id,
  (4096 - p.popularity_step) << 41 AS shelf_end,
  p.slug AS slug,
  p.decayed_downloads AS decayed_downloads,
  v.created_at AS published_at,
  coalesce(v.deprecated, '') = '' AS is_kept,
  p.name AS name,
  replace(replace(replace(lower(coalesce(v.manifest ->> '$.progy.title', p.slug)), 'c++', 'cpp'), 'c#', 'csharp'), 'f#', 'fsharp') AS title,
  replace(replace(replace(lower(v.manifest ->> '$.description'), 'c++', 'cpp'), 'c#', 'csharp'), 'f#', 'fsharp') AS description,
  replace(replace(replace(lower((SELECT group_concat(value, char(10)) FROM json_each(v.manifest, '$.keywords'))), 'c++', 'cpp'), 'c#', 'csharp'), 'f#', 'fsharp') AS keywords,
  concat_ws(char(10), v.manifest ->> '$.author.name', publisher.username, (
    SELECT group_concat(maintainer.username, char(10)) FROM registry_collaborators AS c
    JOIN user AS maintainer ON maintainer.id = c.user_id
    WHERE c.package_id = p.id AND c.permission = 'write'
  )) AS people,
  hex(substr(p.name, 2, instr(p.name, '/') - 2)) AS scope,
  replace(replace(replace(lower(substr(v.readme, 1, 10000)), 'c++', 'cpp'), 'c#', 'csharp'), 'f#', 'fsharp') AS readme
FROM registry_packages AS p
JOIN registry_versions AS v ON v.package_id = p.id AND v.version = p.latest_version
JOIN user AS publisher ON publisher.id = v.publisher_id
WHERE p.is_public AND v.yanked IS NULL AND v.unpublished_at IS NULL;
--> statement-breakpoint
-- Finds courses by all their words.
CREATE VIRTUAL TABLE registry_search USING fts5(
  name, title, description, keywords, people, scope, readme,
  content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2'
);
--> statement-breakpoint
-- Finds them by the words that say most, and by the beginnings of words; weighs how well those fit. READMEs are long: they
-- would hide a name, and most hold most words.
CREATE VIRTUAL TABLE registry_search_heads USING fts5(
  name, title, description, keywords, people, scope,
  content = '', contentless_delete = 1, tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
);
--> statement-breakpoint
CREATE TRIGGER course_with_place_is_indexed AFTER INSERT ON registry_search_places
BEGIN
  INSERT INTO registry_search (rowid, name, title, description, keywords, people, scope, readme)
  SELECT NEW.place, name, title, description, keywords, people, scope, readme FROM registry_listable_courses WHERE package_id = NEW.package_id;
  INSERT INTO registry_search_heads (rowid, name, title, description, keywords, people, scope)
  SELECT NEW.place, name, title, description, keywords, people, scope FROM registry_listable_courses WHERE package_id = NEW.package_id;
END;
--> statement-breakpoint
CREATE TRIGGER course_without_place_leaves_indexes AFTER DELETE ON registry_search_places
BEGIN
  DELETE FROM registry_search WHERE rowid = OLD.place;
  DELETE FROM registry_search_heads WHERE rowid = OLD.place;
END;
--> statement-breakpoint
CREATE TRIGGER course_moves_in_indexes AFTER UPDATE OF place ON registry_search_places
BEGIN
  DELETE FROM registry_search WHERE rowid = OLD.place;
  DELETE FROM registry_search_heads WHERE rowid = OLD.place;
  INSERT INTO registry_search (rowid, name, title, description, keywords, people, scope, readme)
  SELECT NEW.place, name, title, description, keywords, people, scope, readme FROM registry_listable_courses WHERE package_id = NEW.package_id;
  INSERT INTO registry_search_heads (rowid, name, title, description, keywords, people, scope)
  SELECT NEW.place, name, title, description, keywords, people, scope FROM registry_listable_courses WHERE package_id = NEW.package_id;
END;
--> statement-breakpoint
CREATE TRIGGER place_follows_package AFTER UPDATE OF latest_version, is_public ON registry_packages
BEGIN
  DELETE FROM registry_search_places WHERE package_id = NEW.id;
  INSERT INTO registry_search_places (place, package_id, number, name, slug, decayed_downloads, published_at, is_kept)
  SELECT shelf_end - next.number, package_id, next.number, name, slug, decayed_downloads, published_at, is_kept
  FROM (SELECT coalesce(max(number), 0) + 1 AS number FROM registry_search_places) AS next CROSS JOIN registry_listable_courses
  WHERE package_id = NEW.id;
END;
--> statement-breakpoint
-- A yank can leave `latest` where it is.
CREATE TRIGGER place_follows_version AFTER UPDATE OF yanked, unpublished_at ON registry_versions
BEGIN
  UPDATE registry_packages SET latest_version = latest_version WHERE id = NEW.package_id;
END;
--> statement-breakpoint
CREATE TRIGGER place_follows_deprecation AFTER UPDATE OF deprecated ON registry_versions
BEGIN
  UPDATE registry_search_places SET is_kept = coalesce(NEW.deprecated, '') = ''
  WHERE package_id = NEW.package_id AND NEW.version = (SELECT latest_version FROM registry_packages WHERE id = NEW.package_id);
END;
--> statement-breakpoint
-- To move a course takes longer than to count a download: the cron does it. How it ranks among what is found changes at once.
CREATE TRIGGER place_falls_due AFTER UPDATE OF decayed_downloads ON registry_packages WHEN NEW.popularity_step <> OLD.popularity_step
BEGIN
  UPDATE registry_search_places SET decayed_downloads = NEW.decayed_downloads, is_due = 1 WHERE package_id = NEW.id;
END;
--> statement-breakpoint
INSERT INTO registry_search_places (place, package_id, number, name, slug, decayed_downloads, published_at, is_kept)
SELECT shelf_end - number, package_id, number, name, slug, decayed_downloads, published_at, is_kept
FROM (SELECT *, row_number() OVER (ORDER BY published_at, name) AS number FROM registry_listable_courses);
