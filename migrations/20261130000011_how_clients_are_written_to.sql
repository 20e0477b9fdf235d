-- How each client is written to: in which language, in whose night nothing goes, and what an SMS may say; which addresses are dead; and
-- how fast a server that was away catches up.

alter table message_choice
    add column language text, -- a tag such as es or es-MX (BCP 47); null: the clinic's own
    add column zone text, -- where she is, by its IANA name: her quiet hours are those of its clocks; null: where the clinic is
    add column detail_by_sms timestamptz; -- when she agreed that an SMS may say what is treated; null: it may not

-- Where something did not arrive. Only of a try that was refused or came back: so the lookup before each message is of next to nothing.
alter table attempt add column address text; -- the number or address; null: it arrived, or nobody knows
create index attempt_came_back on attempt (clinic_id, address, started_at) where address is not null;
grant update (address) on attempt to cadence_app;

-- Of what came back before this, the address stands with the message. The owner looks at all clinics for this once.
alter table attempt no force row level security;
alter table message no force row level security;
update attempt set address = message.address from message
    where message.clinic_id = attempt.clinic_id and message.attempt = attempt.token and attempt.became = 'bounced';
alter table attempt force row level security;
alter table message force row level security;

-- How much a clinic sent in the last minute, for what is late.
create index attempt_started on attempt (clinic_id, started_at);
