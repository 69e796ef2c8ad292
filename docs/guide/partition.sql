-- Turns the largest tables of a prepared database into 16 partitions each, by a hash of the school.
--
-- Run it as the role that owns the database, with Starboard stopped:
--     psql --set ON_ERROR_STOP=1 --single-transaction --file partition.sql OWNER_URL
-- and then `starboard migrate` once more, which gives the new tables row security and rights. Until
-- then the application may not use them. A test runs this very file.
do $$
declare
    parts constant int := 16;
    large constant text[] := array['mark', 'reason', 'outbox', 'response', 'tally', 'crossing_event'];
    name text;
    guarded regclass;
    foreign_key record;
begin
    -- Row security holds for the owner too, who is about to copy every school's rows and to check that
    -- they point at one another. Nobody else works here until the end of this transaction.
    create temporary table unguarded on commit drop as
        select oid::regclass as guarded from pg_class
        where relnamespace = 'public'::regnamespace and relforcerowsecurity;
    for guarded in select u.guarded from unguarded u loop
        execute format('alter table %s no force row level security', guarded);
    end loop;
    create temporary table waiting (statement text) on commit drop;
    foreach name in array large loop
        -- Foreign keys from it and to it come back at the end.
        for foreign_key in
            select conrelid::regclass::text as source, conname, pg_get_constraintdef(oid) as definition
            from pg_constraint where contype = 'f' and name::regclass in (conrelid, confrelid)
        loop
            insert into waiting values
                (format('alter table %s add %s', foreign_key.source, foreign_key.definition));
            execute format('alter table %s drop constraint %I', foreign_key.source, foreign_key.conname);
        end loop;
        execute format('alter table %I rename to %I', name, name || '_whole');
        execute format('create table %I (like %I including all) partition by hash (school)', name, name || '_whole');
        for part in 0 .. parts - 1 loop
            execute format('create table %I partition of %I for values with (modulus %s, remainder %s)',
                name || '_' || part, name, parts, part);
        end loop;
        execute format('insert into %I select * from %I', name, name || '_whole');
        execute format('drop table %I', name || '_whole');
    end loop;
    for foreign_key in select statement from waiting loop
        execute foreign_key.statement;
    end loop;
    for guarded in select u.guarded from unguarded u join pg_class c on c.oid = u.guarded loop
        execute format('alter table %s force row level security', guarded);
    end loop;
end
$$;
