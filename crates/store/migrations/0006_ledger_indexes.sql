-- What the Ministry was told of a student's crossings, and what happened to crossings on a day.
create index outbox_crossing on outbox (school, student_id, term) where kind = 'crossing';
create index crossing_event_at on crossing_event (school, at);
