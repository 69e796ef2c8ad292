-- Messages home stand in the queue beside the morning e-mail: by e-mail or as a text, with the
-- school's name before the sender's address, the address that answers go to, and the same words as
-- HTML. A text has neither sender, subject nor HTML.
alter table message add column
    channel text not null default 'email'
;
alter table message add column
    sender_name text not null default ''
;
alter table message add column
    reply_to text not null default ''
;
alter table message add column
    html text not null default ''
;
-- Why a person asked that it goes no further; the message that is being handed over then ends with
-- its answer. And how many of its attempts failed for what is no fault of the message.
alter table message add column
    stop_asked text
;
alter table message add column
    excused bigint not null default 0
;
-- Whether what became of a message home is told by an event of its letter. Few are untold at a time,
-- however many there are.
alter table message add column
    is_told bigint not null default 1
;
create index message_untold on message (school, message_id) where is_told = 0;
create index message_next_of_channel on message (school, channel, state, next_attempt_at);
drop index message_next;
