-- The key pairs by which the school proves to the Ministry who it is. The private half is sealed with a
-- key that is not in this database, and emptied once the pair has ended.
create table key_pair (
    school bigint not null references school (school),
    kid text not null,
    sealed text not null,
    made_at bigint not null,
    tried_at bigint,
    registered_at bigint,
    last_used_at bigint,
    end_asked_at bigint,
    ended_at bigint,
    problem text,
    primary key (school, kid)
);

-- The token that the Ministry gave when it admitted the school, sealed in the same way. It goes once a
-- key is registered with it.
create table admission_token (
    school bigint primary key references school (school),
    sealed text not null,
    entered_at bigint not null
);
