//! How a client can be written to, and wants to be.

use crate::store::{
    Result, Tx,
    catalogue::clock,
    follow_up::attempt::{self, CameBack},
    own_pages::choice,
};
use app::api::messages::{Channel, MessageChoices};
use domain::{
    client::Contact,
    follow_up::{
        policy::Channel as Way,
        recheck::{Line, Reach},
        returns::{blame, is_dead},
        times::Clocks,
    },
    ids::{ClientId, ClinicId},
    time::{ClinicClock, Moment},
};

/// A phone number has at least so many.
const FEWEST_DIGITS: usize = 7;

/// What came back from an address so long ago is forgotten: it is tried once more. Numbers change hands, and mail servers are mended.
const FORGOTTEN_DAYS: i64 = 90;

pub struct Manner {
    pub reach: Reach,
    pub choices: MessageChoices,
    /// Of where she is, if not where the clinic is.
    pub clock: Option<ClinicClock>,
}

pub async fn of_client(tx: &mut Tx, clinic: ClinicId, client: ClientId, contact: &Contact, now: Moment) -> Result<Manner> {
    let (choices, stopped) = choice::with_stop(tx, clinic, client).await?;
    let dead = dead(tx, clinic, client, contact, now).await?;
    let reach = reach(contact, &choices, stopped, &dead);
    let clock = choices.zone.as_deref().map(|zone| clock(zone, now));
    Ok(Manner { reach, choices, clock })
}

/// Only the clock, for planning.
pub async fn own_clock(tx: &mut Tx, clinic: ClinicId, client: ClientId, now: Moment) -> Result<Option<ClinicClock>> {
    Ok(choice::zone(tx, clinic, client).await?.map(|zone| clock(&zone, now)))
}

/// The clinic's days and her nights.
pub fn clocks<'a>(clinic: &'a ClinicClock, hers: Option<&'a ClinicClock>) -> Clocks<'a> {
    Clocks { clinic, client: hers.unwrap_or(clinic) }
}

/// Which of her addresses are dead, by what came back from there last.
pub async fn dead(tx: &mut Tx, clinic: ClinicId, client: ClientId, contact: &Contact, now: Moment) -> Result<Vec<CameBack>> {
    let since = Moment::from_millis(now.millis() - FORGOTTEN_DAYS * 24 * 60 * 60_000);
    let came_back = attempt::came_back_from(tx, clinic, client, [contact.phone.trim(), contact.email.trim()], since).await?;
    let of = |channel: Channel| {
        let mut own = came_back.iter().filter(move |one| one.channel == channel);
        let blames: Vec<_> = own.clone().map(|one| blame(way(channel), &one.said)).collect();
        own.next().filter(|_| is_dead(&blames)).cloned()
    };
    Ok([Channel::Sms, Channel::Email].into_iter().filter_map(of).collect())
}

fn reach(contact: &Contact, choices: &MessageChoices, opted_out: bool, dead: &[CameBack]) -> Reach {
    let digits = contact.phone.chars().filter(char::is_ascii_digit).count();
    let is_address = contact.email.trim().split_once('@').is_some_and(|(name, place)| !name.is_empty() && !place.is_empty());
    let line = |channel: Channel, is_one: bool, reminders: bool, offers: bool| {
        let came_back = is_one && dead.iter().any(|one| one.channel == channel);
        Line { works: is_one && !came_back, came_back, reminders, offers }
    };
    Reach {
        sms: line(Channel::Sms, digits >= FEWEST_DIGITS, choices.sms_reminders, choices.sms_offers),
        email: line(Channel::Email, is_address, choices.email_reminders, choices.email_offers),
        opted_out,
    }
}

pub fn way(channel: Channel) -> Way {
    match channel {
        Channel::Sms => Way::Sms,
        Channel::Email => Way::Email,
    }
}

pub fn channel(way: Way) -> Channel {
    match way {
        Way::Sms => Channel::Sms,
        Way::Email => Channel::Email,
    }
}
