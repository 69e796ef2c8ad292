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
create index message_next_of_channel on message (school, channel, state, next_attempt_at);
drop index message_next;
