-- The full-text indexes of search, and what keeps it in step. Written by hand: drizzle knows neither virtual tables, views nor triggers.
UPDATE registry_packages SET heat = coalesce(
  (SELECT sum(count * pow(2, (downloaded_at - 1767225600) / 2592000.0)) FROM registry_downloads WHERE package_id = registry_packages.id), 0);
--> statement-breakpoint
-- What search may find of each course. Letters that the tokenizer would drop are part of some languages' names, so those become words.
CREATE VIEW registry_listable_courses AS
SELECT
  p.id AS package_id,
  p.name AS name,
  replace(replace(replace(lower(coalesce(v.manifest ->> '$.progy.title', p.slug)), 'c++', 'cpp'), 'c#', 'csharp'), 'f#', 'fsharp') AS title,
  replace(replace(replace(lower(v.manifest ->> '$.description'), 'c++', 'cpp'), 'c#', 'csharp'), 'f#', 'fsharp') AS description,
  replace(replace(replace(lower((SELECT group_concat(value, char(10)) FROM json_each(v.manifest, '$.keywords'))), 'c++', 'cpp'), 'c#', 'csharp'), 'f#', 'fsharp') AS keywords,
  concat_ws(char(10), v.manifest ->> '$.author.name', publisher.username, (
    SELECT group_concat(maintainer.username, char(10)) FROM registry_collaborators AS c
    JOIN user AS maintainer ON maintainer.id = c.user_id
    WHERE c.package_id = p.id AND c.permission = 'write'
  )) AS people,
  replace(replace(replace(lower(substr(v.readme, 1, 10000)), 'c++', 'cpp'), 'c#', 'csharp'), 'f#', 'fsharp') AS readme
FROM registry_packages AS p
JOIN registry_versions AS v ON v.package_id = p.id AND v.version = p.latest_version
JOIN user AS publisher ON publisher.id = v.publisher_id
WHERE p.is_public AND v.yanked IS NULL AND v.unpublished_at IS NULL;
--> statement-breakpoint
-- Finds courses by all their words.
CREATE VIRTUAL TABLE registry_search USING fts5(
  name, title, description, keywords, people, readme,
  content = 'registry_listed_courses', content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
);
--> statement-breakpoint
-- Weighs them: how rare a word is in names says more than how rare it is in READMEs, and long READMEs must not hide a name.
CREATE VIRTUAL TABLE registry_search_heads USING fts5(
  name, title, description, keywords, people,
  content = 'registry_listed_courses', content_rowid = 'id',
  tokenize = 'porter unicode61 remove_diacritics 2', prefix = '2 3'
);
--> statement-breakpoint
CREATE TRIGGER listed_course_is_indexed AFTER INSERT ON registry_listed_courses
BEGIN
  INSERT INTO registry_search (rowid, name, title, description, keywords, people, readme)
  VALUES (NEW.id, NEW.name, NEW.title, NEW.description, NEW.keywords, NEW.people, NEW.readme);
  INSERT INTO registry_search_heads (rowid, name, title, description, keywords, people)
  VALUES (NEW.id, NEW.name, NEW.title, NEW.description, NEW.keywords, NEW.people);
END;
--> statement-breakpoint
CREATE TRIGGER delisted_course_leaves_index AFTER DELETE ON registry_listed_courses
BEGIN
  INSERT INTO registry_search (registry_search, rowid, name, title, description, keywords, people, readme)
  VALUES ('delete', OLD.id, OLD.name, OLD.title, OLD.description, OLD.keywords, OLD.people, OLD.readme);
  INSERT INTO registry_search_heads (registry_search_heads, rowid, name, title, description, keywords, people)
  VALUES ('delete', OLD.id, OLD.name, OLD.title, OLD.description, OLD.keywords, OLD.people);
END;
--> statement-breakpoint
CREATE TRIGGER list_follows_package AFTER UPDATE OF latest_version, is_public ON registry_packages
BEGIN
  DELETE FROM registry_listed_courses WHERE package_id = NEW.id;
  INSERT INTO registry_listed_courses (package_id, name, title, description, keywords, people, readme)
  SELECT package_id, name, title, description, keywords, people, readme FROM registry_listable_courses WHERE package_id = NEW.id;
END;
--> statement-breakpoint
-- A yank can leave `latest` where it is.
CREATE TRIGGER list_follows_version AFTER UPDATE OF yanked, unpublished_at ON registry_versions
BEGIN
  UPDATE registry_packages SET latest_version = latest_version WHERE id = NEW.package_id;
END;
--> statement-breakpoint
INSERT INTO registry_listed_courses (package_id, name, title, description, keywords, people, readme)
SELECT package_id, name, title, description, keywords, people, readme FROM registry_listable_courses;
