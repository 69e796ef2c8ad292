-- The school, the acts that changed it, and how far each counter has come.
create table school (
    school bigint primary key,
    name text not null,
    zone text not null,
    region text,
    go_live text,
    share_attendance bigint not null,
    share_responses bigint not null,
    share_to text,
    roll_shows_reasons bigint not null,
    made_at bigint not null
);

create table progress (
    school bigint primary key references school (school),
    act bigint not null,
    epoch bigint not null,
    seq bigint not null,
    settled_date text not null,
    settled_half text not null,
    send_asked_at bigint,
    lease_until bigint not null
);

create table act (
    school bigint not null references school (school),
    act bigint not null,
    at bigint not null,
    kind text not null,
    staff_id text,
    subject text not null,
    key text,
    request text,
    result text not null,
    primary key (school, act)
);
create unique index act_key on act (school, key);

-- Ground: what people and files said. Rows are added, never changed.
create table term (
    school bigint not null,
    term text not null,
    act bigint not null,
    recorded_at bigint not null,
    first_day text not null,
    last_day text not null,
    primary key (school, term, act),
    foreign key (school, act) references act (school, act)
);

create table calendar_day (
    school bigint not null,
    date text not null,
    act bigint not null,
    recorded_at bigint not null,
    am_open bigint not null,
    pm_open bigint not null,
    reason text not null,
    primary key (school, date, act),
    foreign key (school, act) references act (school, act)
);

create table student_version (
    school bigint not null,
    student_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    nsn text,
    given_name text not null,
    family_name text not null,
    preferred_name text not null,
    year_level text not null,
    group_name text not null,
    primary key (school, student_id, act),
    foreign key (school, act) references act (school, act)
);

create table spell (
    school bigint not null,
    student_id text not null,
    first_day text not null,
    act bigint not null,
    recorded_at bigint not null,
    last_day text,
    primary key (school, student_id, first_day, act),
    foreign key (school, act) references act (school, act)
);

create table staff_version (
    school bigint not null,
    staff_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    name text not null,
    email text not null,
    roles text not null,
    groups text not null,
    primary key (school, staff_id, act),
    foreign key (school, act) references act (school, act)
);

create table mark (
    school bigint not null,
    student_id text not null,
    date text not null,
    slot text not null,
    version bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    code text,
    source text not null,
    entered_at bigint,
    entered_by text not null,
    primary key (school, student_id, date, slot, version),
    foreign key (school, act) references act (school, act)
);
create index mark_date on mark (school, date);

create table reason (
    school bigint not null,
    student_id text not null,
    date text not null,
    slot text not null,
    version bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    reason text not null,
    given_by text not null,
    given_how text not null,
    primary key (school, student_id, date, slot, version),
    foreign key (school, act) references act (school, act)
);
create index reason_date on reason (school, date);

create table description (
    school bigint not null,
    description_id bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    response_type text not null,
    wording text not null,
    retired bigint not null,
    primary key (school, description_id, act),
    foreign key (school, act) references act (school, act)
);

create table response (
    school bigint not null,
    response_id text not null,
    version bigint not null,
    act bigint not null,
    student_id text not null,
    term text not null,
    threshold bigint,
    response_type text not null,
    description text not null,
    done_at bigint not null,
    recorded_at bigint not null,
    recorded_by text not null,
    withdrawn bigint not null,
    absent_half_days bigint not null,
    primary key (school, response_id, version),
    foreign key (school, act) references act (school, act)
);
create index response_student on response (school, student_id, term);
create index response_term on response (school, term);

create table response_note (
    school bigint not null,
    response_id text not null,
    version bigint not null,
    note text not null,
    written_by text not null,
    primary key (school, response_id, version),
    foreign key (school, response_id, version) references response (school, response_id, version)
);

create table note_read (
    school bigint not null,
    read_at bigint not null,
    staff_id text not null,
    student_id text not null,
    response_id text not null,
    primary key (school, response_id, staff_id, read_at)
);

-- Derived: rebuilt from the ground rows at any time.
create table student (
    school bigint not null,
    student_id text not null,
    nsn text,
    given_name text not null,
    family_name text not null,
    preferred_name text not null,
    year_level text not null,
    group_name text not null,
    search text not null,
    primary key (school, student_id)
);
create index student_group on student (school, group_name);

create table tally (
    school bigint not null,
    term text not null,
    student_id text not null,
    sheet text not null,
    present bigint not null,
    justified bigint not null,
    unjustified bigint not null,
    unknown bigint not null,
    primary key (school, term, student_id)
);

create table crossing (
    school bigint not null,
    term text not null,
    student_id text not null,
    threshold bigint not null,
    state text not null,
    date text not null,
    half text not null,
    event bigint not null,
    primary key (school, term, student_id, threshold)
);

create table crossing_event (
    school bigint not null,
    term text not null,
    student_id text not null,
    threshold bigint not null,
    event bigint not null,
    kind text not null,
    cause text not null,
    date text not null,
    half text not null,
    act bigint not null,
    at bigint not null,
    primary key (school, term, student_id, threshold, event)
);

-- Queue and log of what goes to the Ministry.
create table outbox (
    school bigint not null,
    epoch bigint not null,
    seq bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    kind text not null,
    withdrawn bigint not null,
    passed_over bigint not null,
    student_id text,
    date text,
    half text,
    code text,
    class text,
    reason text,
    term text,
    threshold bigint,
    event bigint,
    response_id text,
    version bigint,
    enrolled bigint,
    marked bigint,
    primary key (school, epoch, seq)
);
create index outbox_response on outbox (school, response_id);

create table batch (
    school bigint not null,
    epoch bigint not null,
    first_seq bigint not null,
    last_seq bigint not null,
    sealed_at bigint not null,
    digest text not null,
    bytes bytea not null,
    state text not null,
    attempts bigint not null,
    next_attempt_at bigint not null,
    answered_at bigint,
    problem text,
    receipt text,
    primary key (school, epoch, first_seq)
);

create table refused_record (
    school bigint not null,
    epoch bigint not null,
    seq bigint not null,
    problem text not null,
    primary key (school, epoch, seq)
);

-- Sign-in, and the files that came.
create table credential (
    school bigint not null,
    staff_id text not null,
    password_hash text not null,
    changed_at bigint not null,
    disabled bigint not null,
    primary key (school, staff_id)
);

create table session (
    school bigint not null,
    token_hash text not null,
    staff_id text not null,
    csrf text not null,
    begun_at bigint not null,
    seen_at bigint not null,
    primary key (school, token_hash)
);
create index session_staff on session (school, staff_id);

create table link (
    school bigint not null,
    token_hash text not null,
    staff_id text,
    made_at bigint not null,
    ends_at bigint not null,
    used_at bigint,
    primary key (school, token_hash)
);

create table sign_in_attempt (
    school bigint not null,
    email text not null,
    at bigint not null,
    count bigint not null,
    primary key (school, email)
);

create table import_file (
    school bigint not null,
    act bigint not null,
    kind text not null,
    source text not null,
    name text not null,
    digest text not null,
    rows bigint not null,
    changed bigint not null,
    bad_rows bigint not null,
    problems text not null,
    primary key (school, act),
    foreign key (school, act) references act (school, act)
);
create index import_file_digest on import_file (school, kind, source, digest);
