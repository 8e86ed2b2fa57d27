CREATE INDEX `registry_versions_publisher_idx` ON `registry_versions` (`publisher_id`);--> statement-breakpoint
CREATE INDEX `account_provider_idx` ON `account` (`provider_id`,`account_id`);--> statement-breakpoint
CREATE INDEX `device_code_user_idx` ON `device_code` (`user_id`);--> statement-breakpoint
CREATE INDEX `invitation_inviter_idx` ON `invitation` (`inviter_id`);--> statement-breakpoint
CREATE INDEX `session_expires_idx` ON `session` (`expires_at`);--> statement-breakpoint
CREATE INDEX `verification_expires_idx` ON `verification` (`expires_at`);