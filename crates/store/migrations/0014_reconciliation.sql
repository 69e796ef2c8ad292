-- Each comparison of a term with what the Ministry holds, and what was queued again because of it.
create table reconciliation (
    school bigint not null,
    at bigint not null,
    term text not null,
    compared bigint not null,
    differing bigint not null,
    queued bigint not null,
    primary key (school, at, term)
);

-- A snapshot's entry names its term whole.
alter table outbox add column
    last_day text
;
