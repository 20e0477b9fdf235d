-- How messages really travel: a clinic's carriers, and what they tell later of what they took.

-- By what a clinic's messages go. No row for a channel: they stay in the clinic's own list, marked as simulated.
create table carrier (
    clinic_id uuid not null references clinic,
    channel text not null check (channel in ('Email', 'Sms')),
    settings jsonb not null, -- app::api::carriers: where it is and in whose name it sends; no secret
    secret bytea, -- its password or token, encrypted by a key that is not in the database; null: it asks for none
    set_by uuid not null, -- of the staff
    set_at timestamptz not null,
    primary key (clinic_id, channel),
    foreign key (clinic_id, set_by) references staff
);
alter table carrier enable row level security;
alter table carrier force row level security;
create policy own_clinic on carrier using (clinic_id = cadence_clinic());
grant select, insert, update, delete on carrier to cadence_app;

-- What a carrier told of a try after it had it. Delivered, or returned; null: nothing yet.
alter table attempt
    add column became text check (became in ('delivered', 'bounced')),
    add column became_at timestamptz,
    add column became_why text, -- the carrier's code and words, of what was returned
    add check ((became is null) = (became_at is null));
grant update (became, became_at, became_why) on attempt to cadence_app;
-- By the carrier's own number it is found among what the carrier lists.
create index attempt_carrier_id on attempt (clinic_id, carrier_id) where carrier_id is not null;

-- A carrier that tells what became of a try knows its token and no clinic: that one row can be seen.
drop policy own_clinic on attempt;
create policy own_clinic_or_named on attempt
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or token = nullif(current_setting('cadence.attempt_token', true), '')::uuid)
    with check (clinic_id = cadence_clinic());

-- Written down only, handed to a carrier, not taken by one, or nobody knows. What became of a touch's stands with its try.
alter table message no force row level security;
alter table message
    drop constraint message_state_check,
    add check (state in ('simulated', 'sent', 'failed', 'unknown')),
    add column carrier_id text; -- the carrier's own number, of what is not of a series; null: none, or it stands with the try
alter table message force row level security;
