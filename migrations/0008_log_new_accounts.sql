-- However an account comes to its name, the audit log says so, in the same change. Written by hand: drizzle knows no triggers.
CREATE TRIGGER user_is_logged AFTER INSERT ON user WHEN NEW.username IS NOT NULL
BEGIN
  INSERT INTO registry_audit_log (at, user_id, username, action, subject) VALUES (unixepoch(), NEW.id, NEW.username, 'account create', NEW.username);
END;
--> statement-breakpoint
CREATE TRIGGER user_is_logged_later AFTER UPDATE OF username ON user WHEN OLD.username IS NULL AND NEW.username IS NOT NULL
BEGIN
  INSERT INTO registry_audit_log (at, user_id, username, action, subject) VALUES (unixepoch(), NEW.id, NEW.username, 'account create', NEW.username);
END;
