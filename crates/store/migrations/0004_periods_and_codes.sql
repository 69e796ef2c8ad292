-- The period register: a mark of a period names its start and minutes, and its slot the period.
alter table mark add column
    start text
;
alter table mark add column
    minutes bigint
;
-- Whether any mark of a period was ever written, so that other schools need not look for some.
alter table progress add column
    has_periods bigint not null default 0
;

-- What is expected of a group on a weekday, from a date on: a later timetable takes a former's place.
create table timetable (
    school bigint not null,
    from_date text not null,
    act bigint not null,
    recorded_at bigint not null,
    group_name text not null,
    weekday bigint not null,
    period text not null,
    start text not null,
    minutes bigint not null,
    primary key (school, from_date, act, group_name, weekday, period),
    foreign key (school, act) references act (school, act)
);

-- Lists of attendance codes that the school loaded, each in force from a date.
create table code_row (
    school bigint not null,
    from_date text not null,
    act bigint not null,
    recorded_at bigint not null,
    letter text not null,
    name text not null,
    class text not null,
    counts_as text,
    primary key (school, from_date, act, letter),
    foreign key (school, act) references act (school, act)
);
