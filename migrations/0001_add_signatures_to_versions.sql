ALTER TABLE `registry_versions` ADD `signature_keyid` text;--> statement-breakpoint
ALTER TABLE `registry_versions` ADD `signature` text;--> statement-breakpoint
ALTER TABLE `registry_versions` ADD `progy_signature` text;