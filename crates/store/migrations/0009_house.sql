-- The house a student belongs to, where the school has houses.
alter table student_version add column
    house text not null default ''
;
alter table student add column
    house text not null default ''
;
