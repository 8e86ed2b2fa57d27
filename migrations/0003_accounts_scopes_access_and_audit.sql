CREATE TABLE `registry_audit_log` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` integer NOT NULL,
	`user_id` text,
	`username` text,
	`token_id` text,
	`action` text NOT NULL,
	`subject` text NOT NULL,
	`version` text,
	`before` text,
	`after` text
);
--> statement-breakpoint
CREATE INDEX `registry_audit_log_subject_idx` ON `registry_audit_log` (`subject`,`id`);--> statement-breakpoint
CREATE TABLE `registry_collaborators` (
	`package_id` text NOT NULL,
	`user_id` text NOT NULL,
	`permission` text NOT NULL,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	PRIMARY KEY(`package_id`, `user_id`),
	FOREIGN KEY (`package_id`) REFERENCES `registry_packages`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "registry_collaborators_permission" CHECK("registry_collaborators"."permission" IN ('read', 'write'))
);
--> statement-breakpoint
CREATE INDEX `registry_collaborators_user_idx` ON `registry_collaborators` (`user_id`);--> statement-breakpoint
CREATE TABLE `registry_scopes` (
	`name` text PRIMARY KEY NOT NULL,
	`user_id` text,
	`organization_id` text,
	`skeleton` text GENERATED ALWAYS AS (replace(replace(replace(replace(replace(replace(replace(name, '-', ''), '_', ''), '.', ''), '0', 'o'), '1', 'l'), 'i', 'l'), 'rn', 'm')) VIRTUAL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE restrict,
	FOREIGN KEY (`organization_id`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE restrict,
	CONSTRAINT "registry_scopes_one_holder" CHECK(("registry_scopes"."user_id" IS NULL) <> ("registry_scopes"."organization_id" IS NULL))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registry_scopes_skeleton_idx` ON `registry_scopes` (`skeleton`);--> statement-breakpoint
CREATE UNIQUE INDEX `registry_scopes_user_idx` ON `registry_scopes` (`user_id`);--> statement-breakpoint
CREATE UNIQUE INDEX `registry_scopes_organization_idx` ON `registry_scopes` (`organization_id`);--> statement-breakpoint
CREATE TABLE `device_code` (
	`id` text PRIMARY KEY NOT NULL,
	`device_code` text NOT NULL,
	`user_code` text NOT NULL,
	`user_id` text,
	`expires_at` integer NOT NULL,
	`status` text NOT NULL,
	`last_polled_at` integer,
	`polling_interval` integer,
	`client_id` text,
	`scope` text,
	`asking` text,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `device_code_device_code_idx` ON `device_code` (`device_code`);--> statement-breakpoint
CREATE UNIQUE INDEX `device_code_user_code_idx` ON `device_code` (`user_code`);--> statement-breakpoint
CREATE INDEX `device_code_expires_idx` ON `device_code` (`expires_at`);--> statement-breakpoint
CREATE TABLE `invitation` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`email` text NOT NULL,
	`role` text,
	`status` text DEFAULT 'pending' NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`inviter_id` text NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`inviter_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `invitation_organization_idx` ON `invitation` (`organization_id`);--> statement-breakpoint
CREATE TABLE `member` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`user_id` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organization`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade,
	CONSTRAINT "member_role" CHECK("member"."role" IN ('owner', 'publisher', 'reader'))
);
--> statement-breakpoint
CREATE UNIQUE INDEX `member_organization_user_idx` ON `member` (`organization_id`,`user_id`);--> statement-breakpoint
CREATE INDEX `member_user_id_idx` ON `member` (`user_id`);--> statement-breakpoint
CREATE TABLE `organization` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	`logo` text,
	`metadata` text,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `organization_slug_idx` ON `organization` (`slug`);--> statement-breakpoint
ALTER TABLE `registry_packages` ADD `is_private` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `registry_packages` ADD `is_restricted` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `registry_versions` ADD `deprecated` text;--> statement-breakpoint
ALTER TABLE `registry_versions` ADD `yanked` text;--> statement-breakpoint
ALTER TABLE `registry_versions` ADD `unpublished_at` integer;--> statement-breakpoint
ALTER TABLE `registry_versions` ADD `swept_at` integer;--> statement-breakpoint
CREATE INDEX `registry_versions_unpublished_idx` ON `registry_versions` (`unpublished_at`) WHERE unpublished_at IS NOT NULL;--> statement-breakpoint
ALTER TABLE `session` ADD `impersonated_by` text;--> statement-breakpoint
ALTER TABLE `session` ADD `active_organization_id` text;--> statement-breakpoint
ALTER TABLE `user` ADD `role` text;--> statement-breakpoint
ALTER TABLE `user` ADD `banned` integer DEFAULT false;--> statement-breakpoint
ALTER TABLE `user` ADD `ban_reason` text;--> statement-breakpoint
ALTER TABLE `user` ADD `ban_expires` integer;