//! Who gets the server's share of the key to what a browser keeps; and how a browser is emptied.

use crate::{
    audit::{self, Entry},
    backend,
    clinic::Clinics,
    getting_in, password,
    store::{self, StoreError, installation as known, installation::NewInstallation},
    token,
};
use aes_gcm::{
    Aes256Gcm, Nonce,
    aead::{Aead, KeyInit},
};
use app::api::{
    ApiError, SignedIn,
    installation::{InstallationAct, Opened, PIN_TRIES, PinTyped, Share, Standing, UNSENT_LABEL, Unsent, pin_fault},
};
use domain::{
    audit::{Action, Who},
    ids::{ClinicId, InstallationId, StaffId},
};
use sha2::{Digest, Sha256};

/// So long after a sign-in it opens the browser it was made in by itself; after that a PIN is asked for.
const FRESH_SECONDS: i64 = 120;

const LONGEST_NAME: usize = 80;

/// Where something can lie on a browser that the clinic does not have yet.
const PLACES: [&str; 4] = ["outbox", "drafts", "typed", "pictures"];

/// The cookies of one request that concern a browser.
#[derive(Clone, Copy, Debug)]
pub struct Presented<'a> {
    /// Of the sign-in.
    pub token: Option<&'a str>,
    /// Of the browser itself.
    pub installation: Option<&'a str>,
    /// What the browser calls itself.
    pub agent: &'a str,
}

/// Somebody is let in, and gets these cookies.
#[derive(Debug)]
pub struct LetIn {
    pub opened: Opened,
    /// The browser's own cookie, where it has none yet.
    pub installation: Option<String>,
    /// Where the sign-in is a new one.
    pub sign_in: Option<String>,
}

#[derive(Debug, thiserror::Error)]
pub enum InstallationError {
    #[error("{0}")]
    Api(#[from] ApiError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

impl From<sqlx::Error> for InstallationError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

type Result<T> = std::result::Result<T, InstallationError>;

/// Opens a browser to who is signed in there: to who has just proved it, or has no PIN to prove it with.
pub async fn open(clinics: &Clinics, signed_in: &SignedIn, id: InstallationId, presented: Presented<'_>) -> Result<LetIn> {
    let (clinic, now) = (signed_in.clinic, clinics.host.now());
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let token = presented.token.map(token::hash).ok_or(ApiError::SignedOut)?;
    let since = known::sign_in_began(&mut tx, clinic, &token, id).await?.ok_or(ApiError::SignedOut)?;
    let has_pin = known::has_pin(&mut tx, clinic, signed_in.staff).await?;
    let fresh = now.millis() - since.millis() <= FRESH_SECONDS * 1000;
    if has_pin && !fresh {
        return Err(ApiError::Locked.into());
    }
    let found = known::find(&mut tx, clinic, id).await?;
    if found.as_ref().is_some_and(|found| found.wipe_asked && found.share.is_some()) {
        return Err(ApiError::Locked.into());
    }
    let own = presented.installation.map(token::hash);
    let (share, installation) = match found.and_then(|found| found.share) {
        Some(share) => {
            // One that lost its cookie is known by its id and by who signs in.
            let kept = match &own {
                Some(own) => known::presented_in(&mut tx, clinic, own, id).await?,
                None => false,
            };
            let cookie = if kept { None } else { Some(token::draw(clinics.host.as_ref())) };
            if let Some(cookie) = &cookie {
                known::set_token(&mut tx, clinic, id, &token::hash(cookie)).await?;
            }
            known::seen(&mut tx, clinic, id, signed_in.staff, now).await?;
            (share, cookie)
        }
        None => {
            let mut share = [0; 32];
            clinics.host.fill(&mut share);
            let cookie = token::draw(clinics.host.as_ref());
            let new = NewInstallation { id, token_hash: &token::hash(&cookie), share: Share(share), agent: presented.agent };
            known::add(&mut tx, clinic, signed_in.staff, &new, now).await?;
            (Share(share), Some(cookie))
        }
    };
    if fresh {
        known::add_opener(&mut tx, clinic, id, signed_in.staff, since).await?;
        known::forget_tries(&mut tx, clinic, signed_in.staff).await?;
    }
    tx.commit().await?;
    Ok(LetIn { opened: Opened { signed_in: signed_in.clone(), share, since, has_pin }, installation, sign_in: None })
}

/// Signs in by PIN at a browser of the clinic: only who has fully signed in there before.
pub async fn switch(clinics: &Clinics, typed: PinTyped, presented: Presented<'_>) -> Result<LetIn> {
    let id = typed.installation;
    let found = presented_installation(clinics, id, presented).await?;
    let (clinic, share) = match found {
        Some(known::Installation { clinic, share: Some(share), wipe_asked: false }) => (clinic, share),
        _ => return Err(ApiError::SignedOut.into()),
    };
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    if !known::is_opener(&mut tx, clinic, id, typed.staff).await? {
        return Err(ApiError::SignedOut.into());
    }
    check_pin(clinics, clinic, typed.staff, typed.pin).await?;
    let token = getting_in::begin(&mut tx, clinics, (clinic, typed.staff), presented.token, Action::SwitchByPin).await?;
    let since = known::sign_in_began(&mut tx, clinic, &token::hash(&token), id).await?.ok_or(ApiError::SignedOut)?;
    known::seen(&mut tx, clinic, id, typed.staff, clinics.host.now()).await?;
    tx.commit().await?;
    let signed_in = backend::signed_in(clinics, Some(&token)).await?;
    Ok(LetIn { opened: Opened { signed_in, share, since, has_pin: true }, installation: None, sign_in: Some(token) })
}

/// Chooses a PIN; in place of one, only by that one.
pub async fn set_pin(
    clinics: &Clinics,
    signed_in: &SignedIn,
    id: InstallationId,
    (pin, was): (String, Option<String>),
    presented: Presented<'_>,
) -> Result<LetIn> {
    if let Some(fault) = pin_fault(&pin) {
        return Err(ApiError::Invalid(vec![fault.to_owned()]).into());
    }
    let (clinic, staff) = (signed_in.clinic, signed_in.staff);
    let found = presented_installation(clinics, id, presented).await?.filter(|found| found.clinic == clinic && !found.wipe_asked);
    let share = found.and_then(|found| found.share).ok_or(ApiError::SignedOut)?;
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let has_pin = known::has_pin(&mut tx, clinic, staff).await?;
    tx.commit().await?;
    if has_pin {
        check_pin(clinics, clinic, staff, was.unwrap_or_default()).await?;
    }
    let host = clinics.host.clone();
    let hash = tokio::task::spawn_blocking(move || password::hash(&pin, host.as_ref())).await.map_err(|_| ApiError::Internal)?;
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let token = presented.token.map(token::hash).ok_or(ApiError::SignedOut)?;
    let since = known::sign_in_began(&mut tx, clinic, &token, id).await?.ok_or(ApiError::SignedOut)?;
    known::set_pin(&mut tx, clinic, staff, &hash).await?;
    known::add_opener(&mut tx, clinic, id, staff, clinics.host.now()).await?;
    audit::add(&mut tx, clinics, clinic, Entry::by_staff(staff, Action::ChoosePin).id("browser", id.0)).await?;
    tx.commit().await?;
    Ok(LetIn { opened: Opened { signed_in: signed_in.clone(), share, since, has_pin: true }, installation: None, sign_in: None })
}

/// Counted before it is looked at, and committed: tries at once, at several servers, count as many.
async fn check_pin(clinics: &Clinics, clinic: ClinicId, staff: StaffId, pin: String) -> Result<()> {
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    let tried = known::try_pin(&mut tx, clinic, staff).await?;
    tx.commit().await?;
    let Some((hash, tries)) = tried else { return Err(ApiError::SignedOut.into()) };
    if tries > i16::from(PIN_TRIES) {
        return Err(ApiError::TooManyPins.into());
    }
    let right = tokio::task::spawn_blocking(move || password::verify(&pin, Some(&hash))).await.unwrap_or(false);
    if !right {
        // Whoever typed it is not known, only in whose name.
        audit::note(clinics, clinic, Entry::by(Who::Nobody, Action::PinRefused).id("staff", staff.0)).await?;
        return Err(if tries == i16::from(PIN_TRIES) { ApiError::TooManyPins } else { ApiError::WrongPin }.into());
    }
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    known::forget_tries(&mut tx, clinic, staff).await?;
    tx.commit().await?;
    Ok(())
}

async fn presented_installation(clinics: &Clinics, id: InstallationId, presented: Presented<'_>) -> Result<Option<known::Installation>> {
    let Some(token) = presented.installation else { return Ok(None) };
    Ok(known::presented(&clinics.pool, &token::hash(token), id).await?)
}

pub async fn standing(clinics: &Clinics, id: InstallationId, presented: Presented<'_>) -> Result<Standing> {
    Ok(match presented_installation(clinics, id, presented).await? {
        Some(known::Installation { wipe_asked: true, .. }) => Standing::Wipe,
        Some(_) => Standing::Known,
        None => Standing::Unknown,
    })
}

/// Opens what a browser that is to be emptied hands over, and keeps it.
pub async fn quarantine(clinics: &Clinics, id: InstallationId, unsent: &[Unsent], presented: Presented<'_>) -> Result<()> {
    let found = presented_installation(clinics, id, presented).await?;
    let Some(known::Installation { clinic, share: Some(share), wipe_asked: true }) = found else {
        return Err(ApiError::NotAllowed.into());
    };
    // As in the table's constraint.
    if unsent.iter().any(|one| !PLACES.contains(&one.place.as_str())) {
        return Err(ApiError::Mismatch.into());
    }
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    for one in unsent {
        // What cannot be opened is kept all the same, as it came: somebody may still make something of it.
        let body = unsealed(share, &one.sealed).unwrap_or_else(|| one.sealed.clone());
        known::quarantine(&mut tx, clinic, id, one, &body, clinics.host.now()).await?;
    }
    let entry = Entry::by(Who::Nobody, Action::TakeFromBrowser).id("browser", id.0).count("things", unsent.len());
    audit::add(&mut tx, clinics, clinic, entry).await?;
    tx.commit().await?;
    Ok(())
}

/// As `frontend/src/vault/seal.rs` sealed it: one byte that names the key, a nonce of 12, the rest.
fn unsealed(share: Share, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, body) = sealed.get(1..)?.split_at_checked(12)?;
    unsent_cipher(share).decrypt(&Nonce::try_from(nonce).ok()?, body).ok()
}

fn unsent_cipher(share: Share) -> Aes256Gcm {
    let key = Sha256::new().chain_update(share.0).chain_update(UNSENT_LABEL).finalize();
    Aes256Gcm::new_from_slice(&key).expect("a SHA-256 is as long as a key")
}

pub async fn wiped(clinics: &Clinics, id: InstallationId, presented: Presented<'_>) -> Result<()> {
    let found = presented_installation(clinics, id, presented).await?;
    let Some(known::Installation { clinic, wipe_asked: true, .. }) = found else { return Err(ApiError::NotAllowed.into()) };
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    known::wiped(&mut tx, clinic, id, clinics.host.now()).await?;
    audit::add(&mut tx, clinics, clinic, Entry::by(Who::Nobody, Action::BrowserEmptied).id("browser", id.0)).await?;
    tx.commit().await?;
    Ok(())
}

pub async fn change(clinics: &Clinics, by: &SignedIn, id: InstallationId, act: InstallationAct) -> Result<()> {
    let clinic = by.clinic;
    let mut tx = store::begin(&clinics.pool, clinic).await?;
    known::find(&mut tx, clinic, id).await?.ok_or(ApiError::Stale)?;
    match act {
        InstallationAct::Name(name) => {
            let name = name.trim();
            if name.len() > LONGEST_NAME {
                return Err(ApiError::Invalid(vec!["The name is too long.".to_owned()]).into());
            }
            known::name(&mut tx, clinic, id, name).await?;
        }
        InstallationAct::SignOut => {
            known::sign_out(&mut tx, clinic, id).await?;
            audit::add(&mut tx, clinics, clinic, Entry::by_staff(by.staff, Action::SignOutBrowser).id("browser", id.0)).await?;
        }
        InstallationAct::Wipe => {
            known::sign_out(&mut tx, clinic, id).await?;
            known::ask_for_wipe(&mut tx, clinic, id, by.staff, clinics.host.now()).await?;
            audit::add(&mut tx, clinics, clinic, Entry::by_staff(by.staff, Action::AskToEmptyBrowser).id("browser", id.0)).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}

/// `Safari on iPad`: what a person recognises, of what the browser says in its header.
pub fn agent_name(header: &str) -> String {
    let first = |names: &[(&str, &'static str)]| names.iter().find(|(mark, _)| header.contains(mark)).map(|(_, name)| *name);
    let browser = first(&[("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari")]);
    let machine = first(&[
        ("iPad", "iPad"),
        ("iPhone", "iPhone"),
        ("Android", "Android"),
        ("Macintosh", "Mac or iPad"),
        ("Windows", "Windows"),
        ("Linux", "Linux"),
    ]);
    match (browser, machine) {
        (Some(browser), Some(machine)) => format!("{browser} on {machine}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "A browser".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_what_people_call_it() {
        let ipad = "Mozilla/5.0 (iPad; CPU OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36 Edg/142.0";
        assert_eq!(agent_name(ipad), "Safari on iPad");
        assert_eq!(agent_name(edge), "Edge on Windows");
        assert_eq!(agent_name("curl/8"), "A browser");
    }

    #[test]
    fn what_was_sealed_with_another_share_is_not_opened() {
        let cipher = unsent_cipher(Share([1; 32]));
        let nonce = [7; 12];
        let body = cipher.encrypt(&nonce.into(), b"typed".as_slice()).unwrap();
        let sealed = [&[2], nonce.as_slice(), &body].concat();
        assert_eq!(unsealed(Share([1; 32]), &sealed).as_deref(), Some(b"typed".as_slice()));
        assert_eq!(unsealed(Share([2; 32]), &sealed), None);
        assert_eq!(unsealed(Share([1; 32]), &sealed[..9]), None);
    }
}
