-- The token of admission is good until the school registers a key of its own.
alter table school add column token_spent bigint not null default 0;

-- The public keys by which a school proves who it is. One that has ended stays and is never taken
-- again.
create table school_key (
    school bigint not null references school (school),
    kid text not null,
    x text not null,
    registered_at bigint not null,
    last_used_at bigint,
    ended_at bigint,
    primary key (school, kid)
);

-- Access tokens that were given out, by their hashes alone.
create table access_token (
    school bigint not null references school (school),
    token_hash text not null,
    kid text not null,
    expires_at bigint not null,
    primary key (school, token_hash)
);

-- Assertions that were used, each of them once, for as long as they could be used again.
create table used_assertion (
    school bigint not null references school (school),
    id text not null,
    over_at bigint not null,
    primary key (school, id)
);
