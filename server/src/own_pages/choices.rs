//! What a client chooses about her messages.

use super::{SignedInClient, own};
use crate::{
    audit::{self, Entry},
    clinic::Clinics,
    store::{
        self, Result, Tx,
        follow_up::{due, policy, set_replan},
        own_pages::choice,
    },
};
use app::{
    api::{SignedIn, messages::MessageChoices},
    me::ToChoose,
};
use domain::{
    audit::Action,
    ids::{ClientId, ClinicId},
};

/// What her page shows. `None`: she has no chart any more.
pub async fn to_choose(clinics: &Clinics, who: SignedInClient) -> Result<Option<ToChoose>> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let Some(own) = own(clinics, &mut tx, who).await? else { return Ok(None) };
    let choices = choice::of_client(&mut tx, who.clinic, who.client).await?;
    let languages = languages(&mut tx, who.clinic).await?;
    Ok(Some(ToChoose { clinic: own.catalogue.name.clone(), languages, zone: own.catalogue.clock.zone.clone(), zones: zones(), choices }))
}

/// In which the clinic writes; its own first.
pub async fn languages(tx: &mut Tx, clinic: ClinicId) -> Result<Vec<String>> {
    let policies = policy::read(tx, clinic).await?.policies;
    Ok(policies.languages().into_iter().map(str::to_owned).collect())
}

/// Saves what she chose. A language or zone that nobody offered is taken for none: what holds then is the clinic's.
pub async fn save(clinics: &Clinics, who: SignedInClient, mut choices: MessageChoices) -> Result<()> {
    let now = clinics.host.now();
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    let before = choice::of_client(&mut tx, who.clinic, who.client).await?;
    choices.language = offered_language(&mut tx, who.clinic, choices.language).await?;
    choices.zone = choices.zone.filter(|zone| zones().contains(zone));
    choice::save(&mut tx, who.clinic, who.client, &choices, now).await?;
    if before.zone != choices.zone {
        // What is planned already may lie in her night.
        set_replan(&mut tx, who.clinic, who.client, Some(now)).await?;
        due::sooner(&mut tx, who.clinic, now).await?;
    }
    Ok(tx.commit().await?)
}

/// The same for a client who is asked at the desk. `false`: the clinic has no such client.
pub async fn set_language(clinics: &Clinics, who: &SignedIn, client: ClientId, language: Option<String>) -> Result<bool> {
    let mut tx = store::begin(&clinics.pool, who.clinic).await?;
    if store::own_pages::address::on_file(&mut tx, who.clinic, client).await?.is_none() {
        return Ok(false);
    }
    let mut choices = choice::of_client(&mut tx, who.clinic, client).await?;
    choices.language = offered_language(&mut tx, who.clinic, language).await?;
    choice::save(&mut tx, who.clinic, client, &choices, clinics.host.now()).await?;
    audit::add(&mut tx, clinics, who.clinic, Entry::by_staff(who.staff, Action::ClientLanguage).about(client)).await?;
    tx.commit().await?;
    Ok(true)
}

/// As the clinic spells it. Its own is no choice: it may come to be another.
async fn offered_language(tx: &mut Tx, clinic: ClinicId, chosen: Option<String>) -> Result<Option<String>> {
    let Some(chosen) = chosen else { return Ok(None) };
    let offered = languages(tx, clinic).await?;
    Ok(offered.into_iter().skip(1).find(|language| language.eq_ignore_ascii_case(&chosen)))
}

/// Parts of the world that time zones are named after; other names are older ones for the same.
const REGIONS: [&str; 9] = ["Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];

fn zones() -> Vec<String> {
    let is_place = |zone: &String| zone.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region));
    let mut zones: Vec<_> = jiff::tz::db().available().map(|name| name.as_str().to_owned()).filter(is_place).collect();
    zones.sort_unstable();
    zones.dedup();
    zones
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_zone_that_is_offered_has_a_clock() {
        let zones = zones();
        assert!(
            ["America/Chicago", "Europe/Berlin", "Pacific/Honolulu", "Asia/Kolkata"]
                .into_iter()
                .all(|zone| zones.contains(&zone.to_owned()))
        );
        assert!(zones.iter().all(|zone| jiff::tz::TimeZone::get(zone).is_ok()) && zones.is_sorted());
        assert!(!zones.iter().any(|zone| zone.starts_with("US/") || zone.starts_with("Etc/")));
    }
}
