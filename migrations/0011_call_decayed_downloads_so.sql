ALTER TABLE `registry_packages` RENAME COLUMN `heat` TO `decayed_downloads`;
