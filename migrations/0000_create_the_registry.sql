CREATE TABLE `registry_dist_tags` (
	`package_id` text NOT NULL,
	`tag` text NOT NULL,
	`version_id` text NOT NULL,
	PRIMARY KEY(`package_id`, `tag`),
	FOREIGN KEY (`package_id`) REFERENCES `registry_packages`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`version_id`) REFERENCES `registry_versions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `registry_downloads` (
	`id` text PRIMARY KEY NOT NULL,
	`package_id` text NOT NULL,
	`version_id` text NOT NULL,
	`user_id` text,
	`ip_address` text,
	`downloaded_at` integer NOT NULL,
	`count` integer DEFAULT 1 NOT NULL,
	CONSTRAINT "registry_downloads_nobody" CHECK("registry_downloads"."user_id" IS NULL AND "registry_downloads"."ip_address" IS NULL)
);
--> statement-breakpoint
CREATE INDEX `registry_downloads_package_idx` ON `registry_downloads` (`package_id`,`downloaded_at`);--> statement-breakpoint
CREATE TABLE `registry_packages` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`slug` text NOT NULL,
	`description` text,
	`latest_version` text,
	`is_public` integer DEFAULT true NOT NULL,
	`rev` integer DEFAULT 0 NOT NULL,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	`updated_at` integer DEFAULT (unixepoch()) NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registry_packages_name_idx` ON `registry_packages` (`name`);--> statement-breakpoint
CREATE INDEX `registry_packages_user_id_idx` ON `registry_packages` (`user_id`);--> statement-breakpoint
CREATE TABLE `registry_publish_attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`keys` text NOT NULL,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL
);
--> statement-breakpoint
CREATE INDEX `registry_publish_attempts_created_idx` ON `registry_publish_attempts` (`created_at`);--> statement-breakpoint
CREATE TABLE `registry_publish_counts` (
	`user_id` text NOT NULL,
	`hour` integer NOT NULL,
	`count` integer NOT NULL,
	`quota` integer NOT NULL,
	PRIMARY KEY(`user_id`, `hour`),
	CONSTRAINT "registry_publish_quota" CHECK("registry_publish_counts"."count" <= "registry_publish_counts"."quota")
);
--> statement-breakpoint
CREATE TABLE `registry_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`user_id` text NOT NULL,
	`name` text NOT NULL,
	`token_hash` text NOT NULL,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	`last_used_at` integer,
	`expires_at` integer,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registry_tokens_hash_idx` ON `registry_tokens` (`token_hash`);--> statement-breakpoint
CREATE INDEX `registry_tokens_user_id_idx` ON `registry_tokens` (`user_id`);--> statement-breakpoint
CREATE TABLE `registry_versions` (
	`id` text PRIMARY KEY NOT NULL,
	`package_id` text NOT NULL,
	`version` text NOT NULL,
	`latest_rank` text NOT NULL,
	`storage_key` text NOT NULL,
	`size_bytes` integer NOT NULL,
	`checksum` text NOT NULL,
	`integrity` text NOT NULL,
	`tarball_key` text NOT NULL,
	`tarball_size` integer NOT NULL,
	`tarball_integrity` text NOT NULL,
	`shasum` text NOT NULL,
	`file_count` integer NOT NULL,
	`unpacked_size` integer NOT NULL,
	`tree` text NOT NULL,
	`manifest` text NOT NULL,
	`readme` text,
	`changelog` text,
	`publisher_id` text NOT NULL,
	`created_at` integer DEFAULT (unixepoch()) NOT NULL,
	FOREIGN KEY (`package_id`) REFERENCES `registry_packages`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`publisher_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `registry_versions_pkg_ver_idx` ON `registry_versions` (`package_id`,`version`);--> statement-breakpoint
CREATE INDEX `registry_versions_storage_key_idx` ON `registry_versions` (`storage_key`);--> statement-breakpoint
CREATE INDEX `registry_versions_tarball_key_idx` ON `registry_versions` (`tarball_key`);--> statement-breakpoint
CREATE TABLE `account` (
	`id` text PRIMARY KEY NOT NULL,
	`account_id` text NOT NULL,
	`provider_id` text NOT NULL,
	`user_id` text NOT NULL,
	`access_token` text,
	`refresh_token` text,
	`id_token` text,
	`access_token_expires_at` integer,
	`refresh_token_expires_at` integer,
	`scope` text,
	`password` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `account_user_id_idx` ON `account` (`user_id`);--> statement-breakpoint
CREATE TABLE `session` (
	`id` text PRIMARY KEY NOT NULL,
	`token` text NOT NULL,
	`user_id` text NOT NULL,
	`expires_at` integer NOT NULL,
	`ip_address` text,
	`user_agent` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`user_id`) REFERENCES `user`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `session_token_idx` ON `session` (`token`);--> statement-breakpoint
CREATE INDEX `session_user_id_idx` ON `session` (`user_id`);--> statement-breakpoint
CREATE TABLE `user` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`email` text NOT NULL,
	`email_verified` integer DEFAULT false NOT NULL,
	`image` text,
	`username` text,
	`display_username` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `user_email_idx` ON `user` (`email`);--> statement-breakpoint
CREATE UNIQUE INDEX `user_username_idx` ON `user` (`username`);--> statement-breakpoint
CREATE TABLE `verification` (
	`id` text PRIMARY KEY NOT NULL,
	`identifier` text NOT NULL,
	`value` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `verification_identifier_idx` ON `verification` (`identifier`);