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
use std::collections::HashMap;

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

/// Of these clients, by what is on file of each.
pub async fn of_clients(
    tx: &mut Tx,
    clinic: ClinicId,
    contacts: &[(ClientId, &Contact)],
    now: Moment,
) -> Result<HashMap<ClientId, Manner>> {
    let clients: Vec<_> = contacts.iter().map(|(client, _)| *client).collect();
    let mut chosen = choice::of_clients(tx, clinic, &clients).await?;
    let dead = dead_of_all(tx, clinic, contacts, now).await?;
    let manner = |(client, contact): &(ClientId, &Contact)| {
        let (choices, stopped) = chosen.remove(client).unwrap_or_default();
        let reach = reach(contact, &choices, stopped, dead.get(client).map_or(&[], Vec::as_slice));
        let clock = choices.zone.as_deref().map(|zone| clock(zone, now));
        (*client, Manner { reach, choices, clock })
    };
    Ok(contacts.iter().map(manner).collect())
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
    Ok(dead_of_all(tx, clinic, &[(client, contact)], now).await?.remove(&client).unwrap_or_default())
}

/// The same of several; who has none is left out.
async fn dead_of_all(
    tx: &mut Tx,
    clinic: ClinicId,
    contacts: &[(ClientId, &Contact)],
    now: Moment,
) -> Result<HashMap<ClientId, Vec<CameBack>>> {
    let since = Moment::from_millis(now.millis() - FORGOTTEN_DAYS * 24 * 60 * 60_000);
    let addresses =
        |(client, contact): &(ClientId, &Contact)| [&contact.phone, &contact.email].map(|on_file| (*client, on_file.trim().to_owned()));
    let addresses: Vec<_> = contacts.iter().flat_map(addresses).filter(|(_, address)| !address.is_empty()).collect();
    let came_back = attempt::came_back_from(tx, clinic, &addresses, since).await?;
    let dead = |came_back: Vec<CameBack>| -> Vec<CameBack> {
        let of = |channel: Channel| {
            let mut own = came_back.iter().filter(move |one| one.channel == channel);
            let blames: Vec<_> = own.clone().map(|one| blame(way(channel), &one.said)).collect();
            own.next().filter(|_| is_dead(&blames)).cloned()
        };
        [Channel::Sms, Channel::Email].into_iter().filter_map(of).collect()
    };
    Ok(came_back.into_iter().map(|(client, came_back)| (client, dead(came_back))).collect())
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
