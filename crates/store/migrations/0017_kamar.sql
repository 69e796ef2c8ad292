-- What a school settled with KAMAR Directory Services: by which user name and password its pushes are
-- known (the password hashed), whether they are taken, when the periods of its slots begin, and how long
-- silence may last. One row a school, changed by acts.
create table kamar_setting (
    school bigint primary key references school (school),
    user_name text not null,
    password_hash text,
    is_on bigint not null,
    switched_at bigint,
    silent_hours bigint not null,
    slots text not null,
    suffix text,
    refused_at bigint,
    refused_why text
);

-- Each push whose sender was known: what it was, and what was answered. What was kept of it is an arrival.
create table kamar_push (
    school bigint not null references school (school),
    push_id text not null,
    received_at bigint not null,
    sync text not null,
    made_at text not null,
    digest text not null,
    size bigint not null,
    records bigint not null,
    error bigint not null,
    result text not null,
    arrival_id text,
    primary key (school, push_id)
);
create index kamar_push_at on kamar_push (school, received_at);

-- The latest push of a kind that was worked, by KAMAR's own time: an older one overwrites nothing.
create table kamar_latest (
    school bigint not null references school (school),
    sync text not null,
    made_at text not null,
    primary key (school, sync)
);

-- A student's day as KAMAR told it: the codes of its slots, and the half-days that it counts itself.
-- Beside the marks, for comparison alone.
create table kamar_total (
    school bigint not null,
    student_id text not null,
    date text not null,
    act bigint not null,
    recorded_at bigint not null,
    made_at text not null,
    codes text not null,
    classes text not null,
    unjustified bigint,
    justified bigint,
    present bigint,
    primary key (school, student_id, date, act),
    foreign key (school, act) references act (school, act)
);
create index kamar_total_date on kamar_total (school, date, student_id, act);

-- A pastoral record about attendance, for a person to confirm as a response or to dismiss.
create table candidate_response (
    school bigint not null,
    student_id text not null,
    ref text not null,
    act bigint not null,
    recorded_at bigint not null,
    made_at text not null,
    date text not null,
    time text not null,
    reason text not null,
    action text not null,
    more text not null,
    teacher text not null,
    primary key (school, student_id, ref, act),
    foreign key (school, act) references act (school, act)
);

-- What a person made of it. Without a response it is not one.
create table candidate_decision (
    school bigint not null,
    student_id text not null,
    ref text not null,
    act bigint not null,
    recorded_at bigint not null,
    response_id text,
    staff_id text not null,
    primary key (school, student_id, ref),
    foreign key (school, act) references act (school, act)
);
