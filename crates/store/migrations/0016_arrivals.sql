-- What came through a door (a page, a folder, a push, an interface), kept until it was worked. Its body
-- is emptied once nothing more is to be done with it.
create table arrival (
    school bigint not null references school (school),
    arrival_id text not null,
    received_at bigint not null,
    door text not null,
    source text not null,
    name text not null,
    digest text not null,
    kinds text not null,
    format text not null,
    body bytea not null,
    notice text not null,
    staff_id text,
    state text not null,
    reason text not null,
    decided_at bigint,
    act bigint,
    rows bigint not null,
    changed bigint not null,
    bad_rows bigint not null,
    problems text not null,
    primary key (school, arrival_id)
);
create index arrival_state on arrival (school, state, received_at);
create index arrival_received on arrival (school, received_at);

-- Which version of the school's privacy notice people had been given when a file came, and by which
-- door it came.
alter table school add column
    notice text not null default '1'
;
alter table import_file add column
    notice text not null default '1'
;
alter table import_file add column
    door text not null default 'command'
;

-- An import that was undone, and the act that did.
create table import_undo (
    school bigint not null,
    act bigint not null,
    undo_act bigint not null,
    recorded_at bigint not null,
    primary key (school, act),
    foreign key (school, act) references act (school, act),
    foreign key (school, undo_act) references act (school, act)
);

-- What a source last said of a field of a student or of a staff member: what it says again is no
-- correction.
create table said (
    school bigint not null,
    source text not null,
    kind text not null,
    id text not null,
    field text not null,
    act bigint not null,
    value text not null,
    primary key (school, source, kind, id, field, act),
    foreign key (school, act) references act (school, act)
);

-- Where a source says something else than a person entered: it waits for a person. The same table
-- remembers what the source said then.
create table conflict (
    school bigint not null,
    conflict_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    kind text not null,
    id text not null,
    field text not null,
    source text not null,
    stands text not null,
    offered text not null,
    primary key (school, conflict_id),
    foreign key (school, act) references act (school, act)
);
create index conflict_of on conflict (school, kind, id);

create table conflict_decision (
    school bigint not null,
    conflict_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    decision text not null,
    primary key (school, conflict_id, act),
    foreign key (school, act) references act (school, act)
);

-- Who is believed about a field where a push and a person differ: the person ('person') or the
-- source ('source').
create table field_rule (
    school bigint not null,
    field text not null,
    act bigint not null,
    recorded_at bigint not null,
    believes text not null,
    primary key (school, field, act),
    foreign key (school, act) references act (school, act)
);

-- What an act did to crossings is told with every import.
create index crossing_event_act on crossing_event (school, act);
