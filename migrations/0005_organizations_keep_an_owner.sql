-- Whoever changes members, through whichever route: somebody must be left who can. Written by hand: drizzle knows no triggers.
CREATE TRIGGER organization_keeps_owner_who_leaves AFTER DELETE ON member
WHEN OLD.role = 'owner' AND NOT EXISTS (SELECT 1 FROM member WHERE organization_id = OLD.organization_id AND role = 'owner')
BEGIN
  SELECT RAISE(ABORT, 'an organization keeps an owner');
END;
--> statement-breakpoint
CREATE TRIGGER organization_keeps_owner_who_steps_down AFTER UPDATE OF role, organization_id ON member
WHEN OLD.role = 'owner' AND NOT EXISTS (SELECT 1 FROM member WHERE organization_id = OLD.organization_id AND role = 'owner')
BEGIN
  SELECT RAISE(ABORT, 'an organization keeps an owner');
END;
