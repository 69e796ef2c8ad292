-- A student's terms without reading everybody's, and a term's responses in the order they are read in.
create index tally_student on tally (school, student_id);
drop index response_term;
create index response_term on response (school, term, student_id);
