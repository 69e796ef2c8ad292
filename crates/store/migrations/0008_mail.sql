-- E-mail that waits, and what came of what was sent. A row is the message: its bytes follow from it
-- alone, so a repeat is the same message. The recipient is whom it is for within its kind: for a
-- digest the staff id. The unique key makes one message a kind, day and recipient, whatever happens.
create table message (
    school bigint not null,
    message_id text not null,
    kind text not null,
    day text not null,
    recipient text not null,
    from_address text not null,
    to_address text not null,
    subject text not null,
    body text not null,
    made_at bigint not null,
    state text not null,
    attempts bigint not null,
    unsure bigint not null,
    next_attempt_at bigint not null,
    lease_until bigint not null,
    answered_at bigint,
    answer text,
    primary key (school, message_id)
);
create unique index message_once on message (school, kind, day, recipient);
create index message_next on message (school, state, next_attempt_at);

-- The morning e-mail to staff: the hour from which it goes (nothing while it is off), and the last
-- day for which it was made. Without a row it goes from seven.
create table digest_setting (
    school bigint primary key,
    hour bigint,
    made_on text
);

-- Who does not want it.
create table digest_declined (
    school bigint not null,
    staff_id text not null,
    primary key (school, staff_id)
);
