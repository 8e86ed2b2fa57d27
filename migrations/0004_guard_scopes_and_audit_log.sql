-- Users and organizations share one name space, names never change, the audit log only grows. Written by hand: drizzle knows no triggers.
UPDATE registry_packages SET is_private = NOT is_public;
--> statement-breakpoint
INSERT INTO registry_scopes (name, user_id) SELECT username, id FROM user WHERE username IS NOT NULL;
--> statement-breakpoint
CREATE TRIGGER user_takes_scope AFTER INSERT ON user WHEN NEW.username IS NOT NULL
BEGIN
  INSERT INTO registry_scopes (name, user_id) VALUES (NEW.username, NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER user_takes_scope_later AFTER UPDATE OF username ON user WHEN OLD.username IS NULL AND NEW.username IS NOT NULL
BEGIN
  INSERT INTO registry_scopes (name, user_id) VALUES (NEW.username, NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER user_keeps_username BEFORE UPDATE OF username ON user WHEN OLD.username IS NOT NULL AND NEW.username IS NOT OLD.username
BEGIN
  SELECT RAISE(ABORT, 'a username never changes');
END;
--> statement-breakpoint
CREATE TRIGGER organization_takes_scope AFTER INSERT ON organization
BEGIN
  INSERT INTO registry_scopes (name, organization_id) VALUES (NEW.slug, NEW.id);
END;
--> statement-breakpoint
CREATE TRIGGER organization_keeps_slug BEFORE UPDATE OF slug ON organization WHEN NEW.slug IS NOT OLD.slug
BEGIN
  SELECT RAISE(ABORT, 'the slug of an organization never changes');
END;
--> statement-breakpoint
CREATE TRIGGER audit_log_never_changes BEFORE UPDATE ON registry_audit_log
BEGIN
  SELECT RAISE(ABORT, 'the audit log only grows');
END;
--> statement-breakpoint
CREATE TRIGGER audit_log_never_shrinks BEFORE DELETE ON registry_audit_log
BEGIN
  SELECT RAISE(ABORT, 'the audit log only grows');
END;
