-- The OneRoster service that a school's roster is fetched from, and how that went. The secret is sealed
-- with a key that is not in this database.
create table oneroster (
    school bigint primary key references school (school),
    base text not null,
    version text not null,
    token_at text not null,
    client text not null,
    sealed text not null,
    entered_at bigint,
    org text not null,
    student_id text not null,
    identifier_is_nsn bigint not null,
    is_on bigint not null,
    asked_at bigint,
    tried_at bigint,
    retry_at bigint,
    good_at bigint,
    whole_at bigint,
    problem text not null,
    outcome text not null
);

-- What earlier packages said of classes and users, by the ids of the other system: what comes next names
-- only what changed.
create table oneroster_known (
    school bigint not null references school (school),
    kind text not null,
    sourced_id text not null,
    said text not null,
    is_marked bigint not null,
    primary key (school, kind, sourced_id)
);
