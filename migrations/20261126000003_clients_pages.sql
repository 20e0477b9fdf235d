-- The clients' own pages: how a client gets in, what she is told, and what she may see.

-- By what a client is found who types an e-mail address or a phone number: an address in lower case, of a number its last nine
-- digits, so that it does not matter whether somebody typed the country. Null: it is neither.
create function client_address_key(typed text) returns text
    language sql immutable
    return case
        when position('@' in typed) > 1 then lower(btrim(typed))
        when length(regexp_replace(typed, '\D', '', 'g')) >= 7 then right(regexp_replace(typed, '\D', '', 'g'), 9)
    end;

-- What is on file of each client, as it is looked for before anybody has a clinic. Kept by the trigger below, whoever writes.
create table client_address (
    clinic_id uuid not null,
    client_id uuid not null,
    address text not null, -- as client_address_key makes it
    primary key (clinic_id, client_id, address),
    foreign key (clinic_id, client_id) references client
);
create index client_address_address on client_address (address);

create function keep_client_address() returns trigger
    language plpgsql as $$
begin
    delete from client_address where clinic_id = new.clinic_id and client_id = new.id;
    insert into client_address (clinic_id, client_id, address)
        select new.clinic_id, new.id, address
        from (select distinct client_address_key(given) as address from unnest(array[new.email, new.phone]) as given) known
        where address is not null;
    return null;
end
$$;
create trigger address_kept after insert or update of email, phone on client
    for each row execute function keep_client_address();

-- The owner looks at all clinics for this once.
alter table client no force row level security;
insert into client_address (clinic_id, client_id, address)
    select distinct clinic_id, id, client_address_key(given)
    from client, unnest(array[email, phone]) as given
    where client_address_key(given) is not null;
alter table client force row level security;

-- A link that was sent to a client. Good once, and only in the browser that asked for it.
create table client_link (
    clinic_id uuid not null,
    token_hash bytea not null, -- SHA-256 of what the link ends in
    browser_hash bytea not null, -- SHA-256 of the cookie of the browser that asked
    client_id uuid not null,
    made_at timestamptz not null,
    ends_at timestamptz not null,
    used_at timestamptz, -- null: not yet
    primary key (clinic_id, token_hash),
    foreign key (clinic_id, client_id) references client
);
create unique index client_link_token on client_link (token_hash);

-- A client's browser that is signed in. Apart from the staff's, so that one can never be taken for the other.
create table client_sign_in (
    clinic_id uuid not null,
    token_hash bytea not null, -- SHA-256 of the cookie
    client_id uuid not null,
    since timestamptz not null,
    ends_at timestamptz not null,
    primary key (clinic_id, token_hash),
    foreign key (clinic_id, client_id) references client
);
create unique index client_sign_in_token on client_sign_in (token_hash);

-- What was written to clients.
create table message (
    clinic_id uuid not null,
    id uuid not null,
    client_id uuid not null,
    channel text not null check (channel in ('Email', 'Sms')),
    address text not null, -- e-mail address or phone number, as it was on file
    text text not null, -- whole: the one place where a link's token stands
    made_at timestamptz not null,
    made_by uuid, -- null: nobody of the staff; the client asked for it
    state text not null check (state in ('simulated')), -- written down and not sent: there is no carrier yet
    primary key (clinic_id, id),
    foreign key (clinic_id, client_id) references client
);
create index message_client on message (clinic_id, client_id, made_at);

-- Which messages a client wants. No row: nobody has said, and what the product presumes holds.
create table message_choice (
    clinic_id uuid not null,
    client_id uuid not null,
    email_reminders boolean not null,
    email_offers boolean not null,
    sms_reminders boolean not null,
    sms_offers boolean not null,
    chosen_at timestamptz not null,
    primary key (clinic_id, client_id),
    foreign key (clinic_id, client_id) references client
);

do $$
declare
    name text;
begin
    foreach name in array array['message', 'message_choice'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('create policy own_clinic on %I using (clinic_id = cadence_clinic())', name);
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
    foreach name in array array['client_address', 'client_link', 'client_sign_in'] loop
        execute format('alter table %I enable row level security', name);
        execute format('alter table %I force row level security', name);
        execute format('grant select, insert on %I to cadence_app', name);
    end loop;
end
$$;
grant update on message_choice to cadence_app;
grant delete on client_address, client_link, client_sign_in to cadence_app;
grant update (used_at) on client_link to cadence_app;

-- Looked into before anybody has a clinic: the rows whose address, link or cookie was presented.
create policy own_clinic_or_named on client_address
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or address = nullif(current_setting('cadence.client_address', true), ''))
    with check (clinic_id = cadence_clinic());
create policy own_clinic_or_presented on client_link
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or token_hash = decode(current_setting('cadence.link_hash', true), 'hex'))
    with check (clinic_id = cadence_clinic());
create policy own_clinic_or_presented on client_sign_in
    using (clinic_id = nullif(current_setting('cadence.clinic_id', true), '')::uuid
        or token_hash = decode(current_setting('cadence.client_token_hash', true), 'hex'))
    with check (clinic_id = cadence_clinic());

-- Those who treat let a client see a photograph of hers, and take that back. Null: she does not see it.
alter table photo
    add column released_by uuid,
    add column released_at timestamptz,
    add check ((released_by is null) = (released_at is null));
grant update (released_by, released_at) on photo to cadence_app;
