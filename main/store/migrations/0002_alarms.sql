CREATE TABLE `alarms` (
	`run_id` text NOT NULL,
	`seq` integer NOT NULL,
	`rule` text NOT NULL,
	`epoch` integer NOT NULL,
	`step` integer NOT NULL,
	`at` text NOT NULL,
	`value` real,
	`threshold` text NOT NULL,
	`message` text NOT NULL,
	`cure` text NOT NULL,
	PRIMARY KEY(`run_id`, `seq`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE cascade
);
