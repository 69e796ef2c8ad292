-- What a version that counts hashes to, for digests by date; rows from before are filled in when they are asked for.
alter table latest add column hash bytea;
-- A fact of an earlier epoch that a snapshot of a later one did not speak of: kept, and held no more.
alter table latest add column superseded bigint not null default 0;
