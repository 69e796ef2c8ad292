-- Programs of other vendors that may ask for and change what their scopes say, by tokens of this school.
-- Of a secret and of a token only the hash is kept.
create table api_client (
    school bigint not null references school (school),
    client_id text not null,
    act bigint not null,
    name text not null,
    secret_hash text not null,
    scopes text not null,
    made_at bigint not null,
    made_by text not null,
    ends_at bigint not null,
    ended_at bigint,
    last_used_at bigint,
    primary key (school, client_id),
    foreign key (school, act) references act (school, act)
);

create table api_token (
    school bigint not null references school (school),
    token_hash text not null,
    client_id text not null,
    scopes text not null,
    given_at bigint not null,
    ends_at bigint not null,
    primary key (school, token_hash),
    foreign key (school, client_id) references api_client (school, client_id)
);
create index api_token_client on api_token (school, client_id);

-- How often each program asked, day by day.
create table api_use (
    school bigint not null references school (school),
    client_id text not null,
    date text not null,
    requests bigint not null,
    refused bigint not null,
    primary key (school, client_id, date),
    foreign key (school, client_id) references api_client (school, client_id)
);
