-- Who becomes an admin and who is banned is in the audit log, whoever changes it: an operator does so in SQL. Written by hand: drizzle knows no triggers.
CREATE TRIGGER role_and_ban_are_logged AFTER UPDATE OF role, banned ON user
WHEN NEW.username IS NOT NULL AND (NEW.role IS NOT OLD.role OR coalesce(NEW.banned, 0) <> coalesce(OLD.banned, 0))
BEGIN
  INSERT INTO registry_audit_log (at, action, subject, before, after)
  VALUES (unixepoch(), 'account change', NEW.username,
    json_object('role', OLD.role, 'banned', json(iif(OLD.banned, 'true', 'false'))),
    json_object('role', NEW.role, 'banned', json(iif(NEW.banned, 'true', 'false'))));
END;
