-- A change of role or ban that comes through the registry has a row that names who did it, written just before it, in the
-- same change; the trigger of 0009 then has nothing to add. Written by hand: drizzle knows no triggers.
DROP TRIGGER role_and_ban_are_logged;
--> statement-breakpoint
CREATE TRIGGER role_and_ban_are_logged AFTER UPDATE OF role, banned ON user
WHEN NEW.username IS NOT NULL AND (NEW.role IS NOT OLD.role OR coalesce(NEW.banned, 0) <> coalesce(OLD.banned, 0))
  AND NOT EXISTS (
    SELECT 1 FROM registry_audit_log
    WHERE id = (SELECT max(id) FROM registry_audit_log) AND action = 'account change' AND subject = NEW.username
      AND json_extract(after, '$.role') IS NEW.role AND json_extract(after, '$.banned') IS coalesce(NEW.banned, 0)
  )
BEGIN
  INSERT INTO registry_audit_log (at, action, subject, before, after)
  VALUES (unixepoch(), 'account change', NEW.username,
    json_object('role', OLD.role, 'banned', json(iif(OLD.banned, 'true', 'false'))),
    json_object('role', NEW.role, 'banned', json(iif(NEW.banned, 'true', 'false'))));
END;
