-- The host's directory: which schools are here, and under which name each is asked for. It is the one
-- table that is no tenant's: it is read before it is known whose request came. It holds nothing about
-- any person, and no other table points at it.
create table hosted_school (
    school bigint primary key,
    host_name text,
    added_at bigint not null
);
create unique index hosted_school_name on hosted_school (host_name);

insert into hosted_school (school, host_name, added_at) select school, null, made_at from school;
