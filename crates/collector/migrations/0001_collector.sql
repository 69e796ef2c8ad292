-- Who may send, and how far each school has come.
create table school (
    school bigint primary key,
    name text not null,
    token_hash text,
    admitted_at bigint not null,
    first_heard_at bigint,
    last_heard_at bigint,
    epoch bigint not null,
    expected_seq bigint not null,
    head_digest text not null
);

-- Each batch that was taken, with the receipt that is given again when it comes again. The bytes
-- are kept only when every record in them was taken.
create table batch (
    school bigint not null references school (school),
    epoch bigint not null,
    first_seq bigint not null,
    last_seq bigint not null,
    digest text not null,
    records bigint not null,
    rejected bigint not null,
    received_at bigint not null,
    receipt text not null,
    bytes bytea,
    primary key (school, epoch, first_seq)
);
create index batch_digest on batch (school, epoch, digest);

-- Ground: every version of every fact as it was taken. Rows are added, never changed.
create table fact (
    school bigint not null references school (school),
    record_id text not null,
    epoch bigint not null,
    record_version bigint not null,
    seq bigint not null,
    kind text not null,
    op text not null,
    body text not null,
    recorded_at bigint not null,
    received_at bigint not null,
    primary key (school, record_id, epoch, record_version)
);

-- The version of each fact that counts: the highest epoch, and in it the highest version.
create table latest (
    school bigint not null references school (school),
    record_id text not null,
    epoch bigint not null,
    record_version bigint not null,
    kind text not null,
    stands bigint not null,
    student_id text,
    nsn text,
    date text,
    half text,
    term text,
    threshold_days bigint,
    code text,
    class text,
    reason text,
    state text,
    absent_half_days bigint,
    cause text,
    response_type text,
    description text,
    description_held bigint,
    done_at bigint,
    done_text text,
    recorded_at bigint not null,
    recorded_text text not null,
    version bigint,
    am text,
    pm text,
    enrolled bigint,
    marked bigint,
    received_at bigint not null,
    primary key (school, record_id)
);
create index latest_kind on latest (school, kind, date);
create index latest_term on latest (kind, term, threshold_days);
