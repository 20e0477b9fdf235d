-- What clients write back, and the link that books one session.

-- A message of a client. One that reaches several, who share a number, stands with each of them.
create table reply (
    clinic_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    channel text not null check (channel in ('Email', 'Sms')),
    address text not null, -- from where it came
    carrier_id text not null, -- the carrier's own number of it, or the e-mail's: once is enough
    text text not null,
    received_at timestamptz not null,
    wish text check (wish in ('stop', 'start')), -- null: neither
    worried boolean not null, -- somebody who treats looks at it
    primary key (clinic_id, id),
    foreign key (clinic_id, client_id) references client
);
create unique index reply_once on reply (clinic_id, client_id, carrier_id);
create index reply_client on reply (clinic_id, client_id, received_at);

alter table reply enable row level security;
alter table reply force row level security;
create policy own_clinic on reply using (clinic_id = cadence_clinic());
grant select, insert on reply to cadence_app;

-- A link that books one session, once. It lets nobody in: whoever has it sees free times, and nothing of the record.
create table booking_link (
    clinic_id uuid not null,
    token_hash bytea not null, -- SHA-256 of what the link ends in
    client_id uuid not null,
    session_id uuid not null, -- the one it books
    touch_id uuid not null, -- in whose message it stands
    made_at timestamptz not null,
    ends_at timestamptz not null,
    booked_at timestamptz, -- the session was booked, by this link or in any other way; null: not yet
    primary key (clinic_id, token_hash),
    foreign key (clinic_id, client_id) references client,
    foreign key (clinic_id, session_id) references session,
    foreign key (clinic_id, touch_id) references touch
);
create unique index booking_link_token on booking_link (token_hash);
create index booking_link_session on booking_link (clinic_id, session_id) where booked_at is null;

alter table booking_link enable row level security;
alter table booking_link force row level security;
-- Whoever follows it knows no clinic: that one row can be seen.
create policy own_clinic_or_presented on booking_link
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or token_hash = decode(current_setting('cadence.link_hash', true), 'hex'))
    with check (clinic_id = cadence_clinic());
grant select, insert, delete on booking_link to cadence_app;
grant update (booked_at) on booking_link to cadence_app;

-- Any booking of the session ends its links, in its own transaction. No path can skip it.
create function end_booking_links() returns trigger
    language plpgsql as $$
begin
    update booking_link set booked_at = cadence_now()
        where clinic_id = new.clinic_id and session_id = new.session_id and booked_at is null;
    return null;
end
$$;
create trigger booking_links_end after insert on appointment
    for each row execute function end_booking_links();
