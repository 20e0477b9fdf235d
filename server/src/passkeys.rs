//! Passkeys: added by somebody who got in otherwise, and then enough by themselves, since a key recognises its person first.

use crate::{
    clinic::Clinics,
    getting_in::{Own, StepError, after, begin, renew_codes},
    store::{self, StoreError, Tx, passkey, second_factor as stored, second_factor::Who},
    token,
    ways_in::WaysIn,
};
use domain::{audit::Action, time::Moment};
use serde::Serialize;
use uuid::Uuid;
use webauthn_rs::prelude::{
    CreationChallengeResponse, DiscoverableKey, Passkey, PublicKeyCredential, RegisterPublicKeyCredential, RequestChallengeResponse,
};
use webauthn_rs_proto::ResidentKeyRequirement;

/// A challenge is answered within that time, once.
const CHALLENGE_SECONDS: i64 = 5 * 60;
const LONGEST_NAME: usize = 60;

type Result<T> = std::result::Result<T, StepError>;

/// What a page hands to the browser to sign in.
#[derive(Serialize)]
pub struct Challenge {
    /// Names the challenge when it is answered.
    pub challenge: String,
    pub options: RequestChallengeResponse,
}

pub async fn begin_sign_in(clinics: &Clinics, ways: &WaysIn) -> Result<Challenge> {
    let (mut options, state) = ways.passkeys.start_discoverable_authentication().map_err(|_| StepError::WrongKey)?;
    // Asked for by a button, not while an address is being typed.
    options.mediation = None;
    let (challenge, now) = (token::draw(clinics.host.as_ref()), clinics.host.now());
    passkey::begin_sign_in(&clinics.pool, &token::hash(&challenge), &state, now, after(now, CHALLENGE_SECONDS)).await?;
    Ok(Challenge { challenge, options })
}

/// Signs in by what the key answered. Whatever is wrong is told in the same words.
pub async fn sign_in(clinics: &Clinics, ways: &WaysIn, challenge: &str, answer: &str, replaced: Option<&str>) -> Result<String> {
    let now = clinics.host.now();
    let state = passkey::take_sign_in(&clinics.pool, &token::hash(challenge), now).await?.ok_or(StepError::WrongKey)?;
    let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(|_| StepError::WrongKey)?;
    let (staff, credential) = ways.passkeys.identify_discoverable_authentication(&answer).map_err(|_| StepError::WrongKey)?;
    let (mut tx, mut presented) = passkey::open(&clinics.pool, credential).await?.ok_or(StepError::WrongKey)?;
    if presented.who.1.0 != staff {
        return Err(StepError::WrongKey);
    }
    let result = ways
        .passkeys
        .finish_discoverable_authentication_v2(&answer, state, DiscoverableKey::from(&presented.key))
        .map_err(|_| StepError::WrongKey)?;
    if !result.user_verified() {
        return Err(StepError::WrongKey);
    }
    presented.key.update_credential(&result);
    passkey::used(&mut tx, &presented, now).await?;
    let token = begin(&mut tx, clinics, presented.who, replaced, Action::SignIn).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(token)
}

/// What a page hands to the browser to make a key for somebody.
pub async fn begin_adding(tx: &mut Tx, ways: &WaysIn, who: Who, name: &str, now: Moment) -> Result<CreationChallengeResponse> {
    let email = stored::read(tx, who).await?.email;
    let known = passkey::credentials(tx, who).await?;
    let begun = ways.passkeys.start_passkey_registration(who.1.0, &email, name, Some(known));
    let (mut options, state) = begun.map_err(|_| StepError::WrongKey)?;
    // Kept by the device with its person's name, so that nobody types an address to use it.
    if let Some(selection) = &mut options.public_key.authenticator_selection {
        selection.resident_key = Some(ResidentKeyRequirement::Required);
        selection.require_resident_key = true;
    }
    passkey::begin_registration(tx, who, &state, after(now, CHALLENGE_SECONDS)).await?;
    Ok(options)
}

/// The key that was made, if it answers the challenge it was made for.
pub async fn made(tx: &mut Tx, ways: &WaysIn, who: Who, answer: &str, now: Moment) -> Result<Passkey> {
    let state = passkey::take_registration(tx, who, now).await?.ok_or(StepError::WrongKey)?;
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(|_| StepError::WrongKey)?;
    ways.passkeys.finish_passkey_registration(&answer, &state).map_err(|_| StepError::WrongKey)
}

/// Keeps a key under the name its person gave it.
pub async fn keep(tx: &mut Tx, clinics: &Clinics, who: Who, name: &str, key: &Passkey) -> store::Result<()> {
    let name: String = name.trim().chars().take(LONGEST_NAME).collect();
    let name = if name.is_empty() { "Passkey".to_owned() } else { name };
    passkey::add(tx, who, clinics.host.uuid(), &name, key, clinics.host.now()).await
}

impl Own<'_> {
    pub async fn passkeys(&self) -> store::Result<Vec<passkey::Named>> {
        let mut tx = self.open().await?;
        passkey::list(&mut tx, self.who()).await
    }

    pub async fn begin_passkey(&self) -> Result<CreationChallengeResponse> {
        let mut tx = self.open_confirmed().await?;
        let options = begin_adding(&mut tx, self.ways, self.who(), &self.signed_in.name, self.clinics.host.now()).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(options)
    }

    /// Returns codes for paper when there are none yet.
    pub async fn add_passkey(&self, name: &str, answer: &str) -> Result<Option<Vec<String>>> {
        let mut tx = self.open_confirmed().await?;
        let key = made(&mut tx, self.ways, self.who(), answer, self.clinics.host.now()).await?;
        keep(&mut tx, self.clinics, self.who(), name, &key).await?;
        let codes = match stored::read(&mut tx, self.who()).await?.recovery_codes {
            0 => Some(renew_codes(&mut tx, self.clinics.host.as_ref(), self.who()).await?),
            _ => None,
        };
        tx.commit().await.map_err(StoreError::from)?;
        Ok(codes)
    }

    /// Never the last thing that is asked for beside the password.
    pub async fn remove_passkey(&self, id: Uuid) -> Result<()> {
        let mut tx = self.open_confirmed().await?;
        // Two removals at once would each see the other's key.
        store::clinic::lock_version(&mut tx, self.signed_in.clinic).await?;
        passkey::remove(&mut tx, self.who(), id).await?;
        if !stored::read(&mut tx, self.who()).await?.has_second() {
            return Err(StepError::LastOne);
        }
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }
}
