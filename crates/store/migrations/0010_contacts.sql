-- How whānau are reached. A version is what stands ('stands'), or what an imported file said where
-- something else stands ('said'): the next file of the same source is compared with that.
create table contact (
    school bigint not null,
    contact_id text not null,
    act bigint not null,
    kind text not null,
    recorded_at bigint not null,
    student_id text not null,
    place bigint not null,
    name text not null,
    relationship text not null,
    phone text not null,
    email text not null,
    address text not null,
    channel text not null,
    language text not null,
    is_written_to bigint not null,
    confirmed_on text,
    is_blocked bigint not null,
    why text not null,
    is_removed bigint not null,
    source text not null,
    source_id text not null,
    staff_id text,
    primary key (school, contact_id, act, kind),
    foreign key (school, act) references act (school, act)
);
create index contact_of_student on contact (school, student_id);

-- That somebody looked a second time at a number or address and found it right, or doubted it.
create table contact_look (
    school bigint not null,
    contact_id text not null,
    field text not null,
    act bigint not null,
    recorded_at bigint not null,
    student_id text not null,
    digest text not null,
    is_right bigint not null,
    staff_id text not null,
    primary key (school, contact_id, field, act),
    foreign key (school, act) references act (school, act)
);
create index contact_look_student on contact_look (school, student_id);

-- Who looked at how a student's whānau are reached.
create table contact_read (
    school bigint not null,
    student_id text not null,
    staff_id text not null,
    read_at bigint not null,
    primary key (school, student_id, staff_id, read_at)
);
