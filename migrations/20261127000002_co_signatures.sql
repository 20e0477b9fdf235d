-- The director who read a signed session and put a name beside the signature.
create table co_signature (
    clinic_id uuid not null,
    session_id uuid not null,
    client_id uuid not null,
    signed_by uuid not null,
    signed_at timestamptz not null, -- on the clock of the device
    primary key (clinic_id, session_id),
    foreign key (clinic_id, session_id) references signed_session,
    foreign key (clinic_id, signed_by) references staff
);
create index co_signature_client on co_signature (clinic_id, client_id);

alter table co_signature enable row level security;
alter table co_signature force row level security;
create policy own_clinic on co_signature using (clinic_id = cadence_clinic());
grant select, insert on co_signature to cadence_app;
