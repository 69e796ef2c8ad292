-- The school's plan in versions, and which of them was published when.
create table plan_version (
    school bigint not null,
    version bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    body text not null,
    primary key (school, version),
    foreign key (school, act) references act (school, act)
);

create table plan_publication (
    school bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    version bigint not null,
    primary key (school, act),
    foreign key (school, act) references act (school, act),
    foreign key (school, version) references plan_version (school, version)
);

-- Flags that are set on a student by hand, and taken off again.
create table student_flag (
    school bigint not null,
    student_id text not null,
    flag text not null,
    act bigint not null,
    recorded_at bigint not null,
    on_date text not null,
    is_set bigint not null,
    primary key (school, student_id, flag, act),
    foreign key (school, act) references act (school, act)
);

-- Holds: a known absence for which the steps of the plan stop. The why stays in the school.
create table hold (
    school bigint not null,
    hold_id bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    student_id text not null,
    kind text not null,
    why text not null,
    first_day text not null,
    last_day text not null,
    reviewer text not null,
    primary key (school, hold_id, act),
    foreign key (school, act) references act (school, act)
);
create index hold_student on hold (school, student_id);

-- A task given to a person; nobody when it went back to whom the plan names.
create table task_assignment (
    school bigint not null,
    student_id text not null,
    term text not null,
    step text not null,
    act bigint not null,
    recorded_at bigint not null,
    staff_id text,
    primary key (school, term, student_id, step, act),
    foreign key (school, act) references act (school, act)
);

-- Who holds a duty, or stands in for a role, for a group, a year or everybody.
create table cover (
    school bigint not null,
    cover_id bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    owner text not null,
    scope text not null,
    staff_id text not null,
    first_day text not null,
    last_day text,
    primary key (school, cover_id, act),
    foreign key (school, act) references act (school, act)
);

-- The step of the plan for which a response was recorded.
create table response_step (
    school bigint not null,
    response_id text not null,
    act bigint not null,
    term text not null,
    step text not null,
    primary key (school, response_id),
    foreign key (school, act) references act (school, act)
);
create index response_step_term on response_step (school, term);
create index response_act on response (school, act);
