-- What messages home say: templates in versions, the approval of te reo wordings, the letterhead.
create table letter_template (
    school bigint not null,
    name text not null,
    act bigint not null,
    recorded_at bigint not null,
    body text not null,
    primary key (school, name, act),
    foreign key (school, act) references act (school, act)
);

create table letter_approval (
    school bigint not null,
    name text not null,
    language text not null,
    act bigint not null,
    recorded_at bigint not null,
    digest text not null,
    staff_id text not null,
    primary key (school, name, language, act),
    foreign key (school, act) references act (school, act)
);

create table letterhead (
    school bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    address text not null,
    phone text not null,
    email text not null,
    website text not null,
    logo bytea not null,
    primary key (school, act),
    foreign key (school, act) references act (school, act)
);

-- A run of letters, e-mails and texts that a person confirmed, and the response that it records.
create table letter_run (
    school bigint not null,
    run_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    template text not null,
    title text not null,
    response_type text not null,
    description text not null,
    staff_id text not null,
    primary key (school, run_id),
    foreign key (school, act) references act (school, act)
);
create index letter_run_act on letter_run (school, act);

-- One message of a run, as it was confirmed. An e-mail's and a text's row in message has its id.
create table letter (
    school bigint not null,
    letter_id text not null,
    run_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    student_id text not null,
    contact_id text not null,
    contact_name text not null,
    channel text not null,
    language text not null,
    sent_to text not null,
    term text not null,
    threshold bigint,
    step text,
    half_days text not null,
    words text not null,
    corrects text,
    primary key (school, letter_id),
    foreign key (school, run_id) references letter_run (school, run_id),
    foreign key (school, act) references act (school, act)
);
create index letter_of_run on letter (school, run_id);
create index letter_of_student on letter (school, student_id);
create index letter_of_contact on letter (school, contact_id);
create index letter_recorded on letter (school, recorded_at);
create index letter_of_term on letter (school, term);

-- What came of a message: sent, failed, came_back, dropped, settled.
create table letter_event (
    school bigint not null,
    letter_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    kind text not null,
    why text not null,
    staff_id text,
    primary key (school, letter_id, act, kind),
    foreign key (school, letter_id) references letter (school, letter_id),
    foreign key (school, act) references act (school, act)
);

-- The response that was recorded for a student because of a run, and which version of it the run wrote.
create table letter_response (
    school bigint not null,
    run_id text not null,
    student_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    response_id text not null,
    version bigint not null,
    primary key (school, run_id, student_id, act),
    foreign key (school, run_id) references letter_run (school, run_id),
    foreign key (school, act) references act (school, act)
);

-- The letters of a run on paper, as they were printed.
create table letter_print (
    school bigint not null,
    run_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    digest text not null,
    bytes bytea not null,
    primary key (school, run_id, act),
    foreign key (school, run_id) references letter_run (school, run_id),
    foreign key (school, act) references act (school, act)
);
