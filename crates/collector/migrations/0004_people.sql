-- Who may see the Ministry's pages. An ended person stays, for what they did.
create table person (
    person_id bigint primary key,
    name text not null,
    role text not null,
    added_at bigint not null,
    ended_at bigint
);

-- Single-use links to sign in with. Only the hash of a token is kept.
create table person_link (
    token_hash text primary key,
    person_id bigint not null references person (person_id),
    ends_at bigint not null,
    used_at bigint
);

-- Sessions that have begun.
create table person_session (
    token_hash text primary key,
    person_id bigint not null references person (person_id),
    csrf text not null,
    begun_at bigint not null,
    seen_at bigint not null
);

-- What was done from a page or a command, by whom. Rows are added, never changed.
create table act (
    act_id bigint primary key,
    done_at bigint not null,
    person_id bigint,
    kind text not null,
    school bigint,
    about bigint
);

-- Silences: from when one was noticed until the school was heard again.
create table silence (
    school bigint not null references school (school),
    silent_since bigint not null,
    raised_at bigint not null,
    heard_at bigint,
    primary key (school, silent_since)
);

-- What the pages count: a school's facts of a term, the codes that today's list has not had at all
-- times, and batches of which something was refused. Each holds a small part of its table.
create index latest_of_term on latest (school, kind, term) where term is not null;
create index latest_spoken_of on latest (term) where term is not null;
create index latest_odd_code on latest (school, date)
    where kind = 'attendance'
    and code not in ('P', 'L', 'A', 'D', 'I', 'N', 'Q', 'X', 'J', 'M', 'U', 'E', 'G', 'T', '?');
create index batch_refused on batch (school, received_at) where rejected > 0;
