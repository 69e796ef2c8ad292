-- How a table of one source becomes a file of one kind, in versions.
create table mapping (
    school bigint not null,
    source text not null,
    kind text not null,
    act bigint not null,
    recorded_at bigint not null,
    body text not null,
    primary key (school, source, kind, act),
    foreign key (school, act) references act (school, act)
);

-- A file that a person brought and that waits for its columns to be named. It goes away once that is
-- done, or after a week.
create table upload (
    school bigint not null references school (school),
    upload_id text not null,
    received_at bigint not null,
    name text not null,
    source text not null,
    staff_id text,
    body bytea not null,
    primary key (school, upload_id)
);
