-- Phone calls and hui, each with the response that it recorded.
create table call (
    school bigint not null,
    call_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    student_id text not null,
    contact_id text not null,
    contact_name text not null,
    outcome text not null,
    staff_id text not null,
    response_id text not null,
    primary key (school, call_id),
    foreign key (school, act) references act (school, act)
);
create index call_of_student on call (school, student_id);

-- Packs of referrals, as they were made.
create table referral (
    school bigint not null,
    referral_id text not null,
    act bigint not null,
    recorded_at bigint not null,
    student_id text not null,
    receiver text not null,
    purpose text not null,
    advice text not null,
    why text not null,
    body text not null,
    staff_id text not null,
    primary key (school, referral_id),
    foreign key (school, act) references act (school, act)
);
create index referral_of_student on referral (school, student_id);

-- The notes that were put into a pack, each ticked by a person.
create table referral_note (
    school bigint not null,
    referral_id text not null,
    response_id text not null,
    version bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    primary key (school, referral_id, response_id, version),
    foreign key (school, referral_id) references referral (school, referral_id),
    foreign key (school, act) references act (school, act)
);

-- Whom a line of a pack names, so that a pack which names somebody who must not be contacted since is not
-- handed over.
create table referral_contact (
    school bigint not null,
    referral_id text not null,
    line bigint not null,
    act bigint not null,
    recorded_at bigint not null,
    contact_id text not null,
    primary key (school, referral_id, line),
    foreign key (school, referral_id) references referral (school, referral_id),
    foreign key (school, act) references act (school, act)
);

-- What left about one student, without reading everybody's entries or the bytes of every batch; and the
-- acts of one kind.
create index outbox_student on outbox (school, student_id);
create index batch_span on batch (school, epoch, first_seq, last_seq, sealed_at, state, answered_at);
create index act_kind on act (school, kind);
