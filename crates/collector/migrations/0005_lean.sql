-- Facts and latest versions without a reference to their school, which was looked up for each row: a
-- batch is taken in the transaction that found or entered the school, and a school is never removed.
create table fact_lean (
    school bigint not null,
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
insert into fact_lean (school, record_id, epoch, record_version, seq, kind, op, body, recorded_at, received_at)
    select school, record_id, epoch, record_version, seq, kind, op, body, recorded_at, received_at from fact;
drop table fact;
alter table fact_lean rename to fact;

create table latest_lean (
    school bigint not null,
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
    hash bytea,
    superseded bigint not null default 0,
    primary key (school, record_id)
);
insert into latest_lean (school, record_id, epoch, record_version, kind, stands, student_id, nsn, date, half, term,
    threshold_days, code, class, reason, state, absent_half_days, cause, response_type, description,
    description_held, done_at, done_text, recorded_at, recorded_text, version, am, pm, enrolled, marked, received_at,
    hash, superseded)
    select school, record_id, epoch, record_version, kind, stands, student_id, nsn, date, half, term,
    threshold_days, code, class, reason, state, absent_half_days, cause, response_type, description,
    description_held, done_at, done_text, recorded_at, recorded_text, version, am, pm, enrolled, marked, received_at,
    hash, superseded from latest;
drop table latest;
alter table latest_lean rename to latest;
create index latest_kind on latest (school, kind, date);
-- Half-days are of no term here, and they are nearly all there is.
create index latest_term on latest (kind, term, threshold_days) where term is not null;
