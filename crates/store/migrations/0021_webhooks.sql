-- Who is told what happens here: an address of another program, what it wants to hear of, and the secret
-- that it knows us by. The secret is sealed with a key that is not in this database; the one before it
-- is good until a moment. A lease keeps two processes from sending to one address at once.
create table webhook (
    school bigint not null references school (school),
    webhook_id text not null,
    address text not null,
    events text not null,
    made_at bigint not null,
    made_by text not null,
    owner text,
    is_on bigint not null,
    off_why text,
    sealed text not null,
    earlier text,
    earlier_until bigint,
    failing_since bigint,
    gave_up_at bigint,
    lease_until bigint not null,
    ended_at bigint,
    primary key (school, webhook_id)
);

-- What happened, written by the act that did it. A row never changes, so what is sent of it is the same
-- however often it is sent.
create table webhook_event (
    school bigint not null,
    event_id text not null,
    act bigint not null,
    at bigint not null,
    kind text not null,
    student_id text,
    term text,
    threshold bigint,
    change text,
    event bigint,
    date text,
    half text,
    response_id text,
    version bigint,
    response_type text,
    description text,
    done_at bigint,
    primary key (school, event_id)
);
create index webhook_event_age on webhook_event (school, at);

-- How far each event has come on its way to each address. Tries are numbered from the first one; those
-- up to began_after belong to an earlier round, which a person repeated.
create table webhook_delivery (
    school bigint not null,
    webhook_id text not null,
    event_id text not null,
    act bigint not null,
    made_at bigint not null,
    due_from bigint not null,
    state text not null,
    tries bigint not null,
    began_after bigint not null,
    next_try_at bigint not null,
    ended_at bigint,
    primary key (school, webhook_id, event_id)
);
create index webhook_delivery_next on webhook_delivery (school, state, next_try_at);

-- Every try of the last weeks.
create table webhook_try (
    school bigint not null,
    webhook_id text not null,
    event_id text not null,
    try bigint not null,
    at bigint not null,
    status bigint,
    millis bigint not null,
    problem text,
    primary key (school, webhook_id, event_id, try)
);
create index webhook_try_age on webhook_try (school, at);
