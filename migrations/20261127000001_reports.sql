-- What a client tells of how she fares after a session, and what was done about it.
create table client_report (
    clinic_id uuid not null,
    id uuid not null,
    session_id uuid not null,
    client_id uuid not null,
    position integer not null,
    reported_at timestamptz not null,
    worried boolean not null,
    text text not null, -- in her own words; may be empty
    answered_by uuid, -- null: nobody yet; of a report that all is well, nobody ever
    answered_at timestamptz,
    answer text,
    primary key (clinic_id, id),
    foreign key (clinic_id, session_id) references signed_session,
    check ((answered_by is null) = (answered_at is null) and (answered_by is null) = (answer is null))
);
create index client_report_client on client_report (clinic_id, client_id);

alter table client_report enable row level security;
alter table client_report force row level security;
create policy own_clinic on client_report using (clinic_id = cadence_clinic());
grant select, insert on client_report to cadence_app;
grant update (answered_by, answered_at, answer) on client_report to cadence_app;
