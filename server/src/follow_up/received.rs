//! What clients write back. STOP is obeyed, a worry becomes what it is on her own pages: something a person who treats looks at, and
//! while it is open nothing that promotes goes out. Everything is kept beside what was written to her.

use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    store::{
        self, Result, Tx, chart, clinic,
        follow_up::{
            reply::{self, Received},
            stop,
        },
        own_pages::choice,
    },
    sync::push,
};
use app::api::messages::{Channel, MessageChoices};
use domain::{
    audit::{Action, Who},
    command::Change,
    follow_up::replies::{self, Wish},
    ids::{ClientId, ClinicId, ReportId, SessionId},
};

/// Longer ones are cut: an SMS has at most 1600 characters, and of an e-mail the beginning says what it is about.
const LONGEST: usize = 1600;

/// A message as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    pub channel: Channel,
    /// Number or e-mail address.
    pub from: String,
    pub text: String,
    /// The carrier's own number of it, or the e-mail's: what comes twice is taken once.
    pub id: String,
}

/// Takes in a message, for everybody at the clinic who has that number or address: people share telephones. Tells for how many that
/// was; an unknown number changes nothing.
pub async fn take(clinics: &Clinics, clinic: ClinicId, incoming: &Incoming) -> Result<usize> {
    let now = clinics.host.now();
    let plain = |text: &str, most: usize| store::storable(text.trim()).chars().take(most).collect::<String>();
    let text = plain(&incoming.text, LONGEST);
    let received = Received {
        channel: incoming.channel,
        address: plain(&incoming.from, 200),
        carrier_id: plain(&incoming.id, 200),
        says: replies::read(&text),
        text,
        at: now,
    };
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    // As the first lock: a worry changes the chart.
    clinic::lock_version(&mut tx, clinic).await?;
    let mut entries = Vec::new();
    let mut heard = 0;
    for client in reply::writers(&mut tx, clinic, &received.address).await? {
        if !reply::add(&mut tx, clinic, clinics.host.uuid(), client, &received).await? {
            continue;
        }
        heard += 1;
        let entry = |action| Entry::by(Who::Client(client), action).about(client);
        entries.push(entry(Action::ClientReply));
        match received.says.wish {
            Some(Wish::Stop) => {
                stop::set(&mut tx, clinic, client, Some(now), now).await?;
                choose_email(&mut tx, clinics, clinic, client, received.channel, false).await?;
                entries.push(entry(Action::StopMessages));
            }
            Some(Wish::Start) => {
                stop::set(&mut tx, clinic, client, None, now).await?;
                choose_email(&mut tx, clinics, clinic, client, received.channel, true).await?;
                entries.push(entry(Action::StartMessages));
            }
            None => {}
        }
        if received.says.worried
            && let Some(session) = last_session(&mut tx, clinic, client).await?
        {
            let report = ReportId(clinics.host.uuid());
            let change = Change::ReportAfterSession { session, report, worried: true, text: received.text.clone() };
            // There is no room for more reports: those that are there are looked at already.
            if let Ok((_, told)) = push::apply_from_client(&mut tx, clinics, clinic, client, change).await? {
                entries.extend(told);
            }
        }
    }
    audit::add_all(&mut tx, clinics, clinic, entries).await?;
    tx.commit().await?;
    Ok(heard)
}

/// Who answers an e-mail with STOP wants no e-mails; what she needs after a treatment comes all the same.
async fn choose_email(tx: &mut Tx, clinics: &Clinics, clinic: ClinicId, client: ClientId, channel: Channel, on: bool) -> Result<()> {
    if channel == Channel::Sms {
        return Ok(());
    }
    let known = choice::of_client(tx, clinic, client).await?;
    let choices = MessageChoices { email_reminders: on, email_offers: on && known.email_offers, ..known };
    choice::save(tx, clinic, client, &choices, clinics.host.now()).await
}

/// Of which she writes, as far as anybody can tell: the one that was held last.
async fn last_session(tx: &mut Tx, clinic: ClinicId, client: ClientId) -> Result<Option<SessionId>> {
    let chart = chart::load(tx, clinic, client).await?;
    Ok(chart.and_then(|chart| chart.history().into_iter().next().map(|(session, _)| session.id)))
}
