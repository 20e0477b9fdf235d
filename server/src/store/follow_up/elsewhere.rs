//! Bookings that other systems keep.

use crate::store::{Result, Tx};
use domain::{
    follow_up::elsewhere::{Belongs, BookingState, Elsewhere, Unplaced},
    ids::{ClientId, ClinicId, PackageId, PlanId, SessionId, StaffId},
    time::Moment,
};
use jiff_sqlx::{Timestamp, ToSqlx};
use std::collections::HashMap;
use uuid::Uuid;

/// Which booking it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub feed: Uuid,
    /// The other system's id of it.
    pub booking: String,
}

/// Who a client is, as the other system knows her. What it did not tell is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Them {
    pub id: String,
    pub name: String,
    pub email: String,
    pub phone: String,
}

/// The whole state of a booking, as it was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub key: Key,
    pub state: BookingState,
    pub starts: Moment,
    pub changed: Moment,
    pub them: Them,
    pub service: String,
}

/// What a booking was before somebody told of it, for who is planned anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    pub client: Option<ClientId>,
    pub picked: Option<ClientId>,
}

/// How a booking is kept; `None`: nobody has told of it.
pub async fn before(tx: &mut Tx, clinic: ClinicId, key: &Key) -> Result<Option<Before>> {
    let row = sqlx::query!(
        "select client_id, picked_client from booking_elsewhere where clinic_id = $1 and feed_id = $2 and booking = $3 for update",
        clinic.0,
        key.feed,
        key.booking,
    )
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row.map(|row| Before { client: row.client_id.map(ClientId), picked: row.picked_client.map(ClientId) }))
}

/// Keeps what was told, where it is newer than what is kept: of two of one instant the later state of a booking's life, and then the
/// greater, so that it is the same whichever comes first. `false`: it says nothing new. Of which session it is, is looked up anew.
pub async fn put(tx: &mut Tx, clinic: ClinicId, told: &Told, whose: std::result::Result<ClientId, Unplaced>, at: Moment) -> Result<bool> {
    let (client, unplaced) = match whose {
        Ok(client) => (Some(client.0), None),
        Err(unplaced) => (None, Some(unplaced.code())),
    };
    let put = sqlx::query!(
        "insert into booking_elsewhere as kept (clinic_id, feed_id, booking, state, starts_at, changed_at, their_client, name, email, phone,
            service, heard_at, client_id, unplaced)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict (clinic_id, feed_id, booking) do update
            set state = excluded.state, starts_at = excluded.starts_at, changed_at = excluded.changed_at,
                their_client = excluded.their_client, name = excluded.name, email = excluded.email, phone = excluded.phone,
                service = excluded.service, heard_at = excluded.heard_at, client_id = excluded.client_id, session_id = null,
                unplaced = excluded.unplaced
            where (excluded.changed_at, array_position($15::text[], excluded.state), excluded.starts_at, excluded.service,
                    excluded.their_client, excluded.email, excluded.phone, excluded.name)
                > (kept.changed_at, array_position($15::text[], kept.state), kept.starts_at, kept.service,
                    kept.their_client, kept.email, kept.phone, kept.name)",
        clinic.0,
        told.key.feed,
        told.key.booking,
        told.state.code(),
        told.starts.timestamp().to_sqlx() as _,
        told.changed.timestamp().to_sqlx() as _,
        told.them.id,
        told.them.name,
        told.them.email,
        told.them.phone,
        told.service,
        at.timestamp().to_sqlx() as _,
        client,
        unplaced,
        &BookingState::ALL.map(|state| state.code().to_owned()),
    )
    .execute(&mut **tx)
    .await?;
    // What came late and is older than what is kept still was so then: the numbers ask from when until when a booking stood.
    sqlx::query!(
        "insert into booking_elsewhere_told (clinic_id, feed_id, booking, changed_at, state, starts_at, heard_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        clinic.0,
        told.key.feed,
        told.key.booking,
        told.changed.timestamp().to_sqlx() as _,
        told.state.code(),
        told.starts.timestamp().to_sqlx() as _,
        at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(put.rows_affected() == 1)
}

/// Who that is here: whom a person has said her id to be, or else who alone has her address and her number.
pub async fn whose(tx: &mut Tx, clinic: ClinicId, feed: Uuid, them: &Them) -> Result<std::result::Result<ClientId, Unplaced>> {
    let linked = sqlx::query_scalar!(
        "select client_id from feed_client where clinic_id = $1 and feed_id = $2 and their_client = $3 and $3 <> ''",
        clinic.0,
        feed,
        them.id,
    )
    .fetch_optional(&mut **tx)
    .await?;
    if let Some(client) = linked {
        return Ok(Ok(ClientId(client)));
    }
    let mut found: Option<Vec<Uuid>> = None;
    for given in [&them.email, &them.phone] {
        let of_given = sqlx::query_scalar!(
            "select client_id from client_address where clinic_id = $1 and address = client_address_key($2) order by 1",
            clinic.0,
            given.as_str(),
        )
        .fetch_all(&mut **tx)
        .await?;
        // What nobody has says nothing: people have several numbers.
        if !of_given.is_empty() {
            found = Some(match found {
                Some(before) => before.into_iter().filter(|client| of_given.contains(client)).collect(),
                None => of_given,
            });
        }
    }
    Ok(match found.as_deref() {
        None => Err(Unplaced::NobodyKnown),
        Some([client]) => Ok(ClientId(*client)),
        Some(_) => Err(Unplaced::SeveralClients),
    })
}

/// A booking of a client, with what it is of so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub key: Key,
    pub booking: Elsewhere,
    pub place: std::result::Result<SessionId, Option<Unplaced>>,
}

/// All of a client, in a fixed order. What a feed that was removed still had booked is none any more.
pub async fn of_client(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<Vec<Placed>> {
    Ok(of_clients(tx, clinic, &[client]).await?.into_iter().map(|(_, placed)| placed).collect())
}

/// The same of several clients, each with whose it is.
pub async fn of_clients(tx: &mut Tx, clinic: ClinicId, clients: &[ClientId]) -> Result<Vec<(ClientId, Placed)>> {
    let ids: Vec<_> = clients.iter().map(|client| client.0).collect();
    let rows = sqlx::query!(
        r#"select client_id as "client_id!", b.feed_id, f.name as system, booking, state, starts_at as "starts_at: Timestamp", changed_at as "changed_at: Timestamp", session_id,
                unplaced, unsaid, picked_plan, s.service is not null as "said!", s.package_id as "package_id?"
           from booking_elsewhere b
           join booking_feed f on f.clinic_id = b.clinic_id and f.id = b.feed_id
           left join feed_service s on s.clinic_id = b.clinic_id and s.feed_id = b.feed_id and s.service = lower(b.service)
           where b.clinic_id = $1 and client_id = any($2) and not (state = 'booked' and coalesce(starts_at > removed_at, false))
           order by starts_at, b.feed_id, booking"#,
        clinic.0,
        &ids,
    )
    .fetch_all(&mut **tx)
    .await?;
    let placed = rows.into_iter().filter_map(|row| {
        let belongs = match (row.picked_plan, row.said, row.package_id) {
            (Some(plan), ..) => Belongs::Plan(PlanId(plan)),
            (None, true, Some(package)) => Belongs::Package(PackageId(package)),
            (None, true, None) => Belongs::NoSeries,
            (None, false, _) => Belongs::Unsaid,
        };
        let placed = Placed {
            key: Key { feed: row.feed_id, booking: row.booking },
            booking: Elsewhere {
                system: row.system,
                starts: Moment::new(row.starts_at.to_jiff()),
                state: BookingState::by_code(&row.state)?,
                changed: Moment::new(row.changed_at.to_jiff()),
                belongs,
                session: row.session_id.map(SessionId),
                unsaid: row.unsaid,
            },
            place: row.session_id.map(SessionId).ok_or(row.unplaced.as_deref().and_then(Unplaced::by_code)),
        };
        Some((ClientId(row.client_id), placed))
    });
    Ok(placed.collect())
}

/// Of which session it is from now on, or why of none; and whether it counts as missed because nobody said what became of it.
pub async fn set_place(
    tx: &mut Tx,
    clinic: ClinicId,
    key: &Key,
    place: std::result::Result<SessionId, Unplaced>,
    unsaid: bool,
) -> Result<()> {
    sqlx::query!(
        "update booking_elsewhere set session_id = $4, unplaced = $5, unsaid = $6 where clinic_id = $1 and feed_id = $2 and booking = $3",
        clinic.0,
        key.feed,
        key.booking,
        place.ok().map(|session| session.0),
        place.err().map(Unplaced::code),
        unsaid,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A person says whose it is, and of which series. The chart is to be planned anew.
pub async fn pick(tx: &mut Tx, clinic: ClinicId, key: &Key, client: ClientId, plan: PlanId, by: StaffId, at: Moment) -> Result<()> {
    sqlx::query!(
        "update booking_elsewhere set picked_client = $4, picked_plan = $5, picked_by = $6, picked_at = $7, client_id = $4,
            session_id = null, unplaced = null
         where clinic_id = $1 and feed_id = $2 and booking = $3",
        clinic.0,
        key.feed,
        key.booking,
        client.0,
        plan.0,
        by.0,
        at.timestamp().to_sqlx() as _,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Bookings of a client of the other system of whom nobody knew who she is are hers.
pub async fn give(tx: &mut Tx, clinic: ClinicId, feed: Uuid, their_client: &str, client: ClientId) -> Result<()> {
    sqlx::query!(
        "update booking_elsewhere set client_id = $4, unplaced = null
         where clinic_id = $1 and feed_id = $2 and their_client = $3 and client_id is null",
        clinic.0,
        feed,
        their_client,
        client.0,
    )
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// A booking as people look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub key: Key,
    /// As the clinic calls the other system.
    pub feed: String,
    pub state: BookingState,
    pub starts: Moment,
    pub service: String,
    pub them: Them,
    pub heard: Moment,
    pub client: Option<ClientId>,
    /// As she is called here.
    pub client_name: Option<String>,
    pub session: Option<SessionId>,
    /// Series and number of the session.
    pub of: Option<(String, i16)>,
    pub unplaced: Option<Unplaced>,
}

/// Which of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which<'a> {
    /// What was heard of last.
    Latest(i64),
    /// Those a person is to look at: of no session, and neither long past nor cancelled.
    Unplaced {
        since: Moment,
        most: i64,
    },
    One(&'a Key),
}

pub async fn seen(tx: &mut Tx, clinic: ClinicId, which: Which<'_>) -> Result<Vec<Seen>> {
    let (most, since, key) = match which {
        Which::Latest(most) => (most, None, None),
        Which::Unplaced { since, most } => (most, Some(since), None),
        Which::One(key) => (1, None, Some(key)),
    };
    let rows = sqlx::query!(
        r#"select b.feed_id, b.booking, f.name as feed, b.state, b.starts_at as "starts_at: Timestamp", b.service, b.their_client, b.name,
                b.email, b.phone, b.heard_at as "heard_at: Timestamp", b.client_id, c.name as "client_name?", b.session_id, b.unplaced,
                p.name as "plan?", s.number as "number?"
           from booking_elsewhere b
           join booking_feed f on f.clinic_id = b.clinic_id and f.id = b.feed_id
           left join client c on c.clinic_id = b.clinic_id and c.id = b.client_id
           left join session s on s.clinic_id = b.clinic_id and s.id = b.session_id
           left join plan p on p.clinic_id = s.clinic_id and p.id = s.plan_id
           where b.clinic_id = $1
             and ($2::timestamptz is null
                or b.unplaced <> 'not_a_series' and b.state <> 'cancelled' and b.starts_at >= $2 and f.removed_at is null)
             and ($3::uuid is null or b.feed_id = $3 and b.booking = $4)
           order by case when $2 is null then b.heard_at end desc, b.starts_at, b.feed_id, b.booking limit $5"#,
        clinic.0,
        since.map(|since| since.timestamp().to_sqlx()) as _,
        key.map(|key| key.feed),
        key.map(|key| key.booking.as_str()),
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    let seen = rows.into_iter().filter_map(|row| {
        Some(Seen {
            key: Key { feed: row.feed_id, booking: row.booking },
            feed: row.feed,
            state: BookingState::by_code(&row.state)?,
            starts: Moment::new(row.starts_at.to_jiff()),
            service: row.service,
            them: Them { id: row.their_client, name: row.name, email: row.email, phone: row.phone },
            heard: Moment::new(row.heard_at.to_jiff()),
            client: row.client_id.map(ClientId),
            client_name: row.client_name,
            session: row.session_id.map(SessionId),
            of: row.plan.zip(row.number),
            unplaced: row.unplaced.as_deref().and_then(Unplaced::by_code),
        })
    });
    Ok(seen.collect())
}

/// Clients whose name, address or number has these words, for whoever picks. An empty search finds those who have what was told.
pub async fn candidates(tx: &mut Tx, clinic: ClinicId, words: &str, them: &Them, most: i64) -> Result<Vec<(ClientId, String)>> {
    let rows = sqlx::query!(
        "select id, name from client where clinic_id = $1 and (
            case when $2 = '' then ($3 <> '' and lower(name) = lower($3)) or id in (
                select client_id from client_address where clinic_id = $1
                    and address in (client_address_key($4), client_address_key($5)))
            else position(lower($2) in lower(name || ' ' || email || ' ' || phone)) > 0 end)
         order by name, id limit $6",
        clinic.0,
        words,
        them.name,
        them.email,
        them.phone,
        most,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (ClientId(row.id), row.name)).collect())
}

/// The first booking of a session that lies ahead, as its table says; whatever the chart does.
pub async fn booked(tx: &mut Tx, clinic: ClinicId, sessions: &[SessionId], now: Moment) -> Result<HashMap<SessionId, Moment>> {
    let ids: Vec<_> = sessions.iter().map(|session| session.0).collect();
    let rows = sqlx::query!(
        r#"select session_id as "session_id!", min(starts_at) as "starts_at!: Timestamp" from booking_elsewhere b
           join booking_feed f on f.clinic_id = b.clinic_id and f.id = b.feed_id
           where b.clinic_id = $1 and session_id = any($2) and state = 'booked' and starts_at > $3 and removed_at is null
           group by session_id"#,
        clinic.0,
        &ids,
        now.timestamp().to_sqlx() as _,
    )
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| (SessionId(row.session_id), Moment::new(row.starts_at.to_jiff()))).collect())
}
