-- When a reason was given, which is not when somebody wrote it down here. Nothing where nobody said.
alter table reason add column given_at bigint;
