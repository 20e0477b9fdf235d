//! The second step of signing in, and what everybody may change about their own.

use crate::{
    audit::{self, Entry},
    backend::{MOST_TRIES, SIGN_IN_SECONDS, TRIES_SECONDS},
    clinic::Clinics,
    host::Host,
    password, second_factor,
    store::{
        self, StoreError, Tx,
        second_factor::{self as stored, Factors, Who},
        sign_in, sign_in_try,
    },
    token,
    ways_in::WaysIn,
};
use app::api::SignedIn;
use domain::{audit::Action, time::Moment};
use sha2::{Digest, Sha256};

/// Whoever gave the right password has so long for the second step.
pub const STEP_SECONDS: i64 = 5 * 60;
/// Whoever entered their password again may change how they get in for so long.
const CONFIRMED_SECONDS: i64 = 10 * 60;

/// Why somebody did not get further. The words tell nothing of whether an address is known.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    #[error("This took too long. Sign in again.")]
    Over,
    #[error("This code is not right, or was used already.")]
    WrongCode,
    #[error("This password is not right.")]
    WrongPassword,
    #[error("This was tried too often. Wait a quarter of an hour; everything saved here is kept.")]
    TooManyTries,
    #[error("This passkey is not known here, or its device did not recognise you.")]
    WrongKey,
    #[error("Your password is asked for again before this can be changed.")]
    Unconfirmed,
    #[error("This is the last thing beside your password. Add another one before you remove it.")]
    LastOne,
    #[error("Something went wrong on the server. It was noted; try again.")]
    Store(#[from] StoreError),
}

type Result<T> = std::result::Result<T, StepError>;

pub(crate) fn after(now: Moment, seconds: i64) -> Moment {
    Moment::from_millis(now.millis() + seconds * 1000)
}

/// Begins a sign-in, in place of the one this browser had; the audit says by what. Returns its token.
pub(crate) async fn begin(tx: &mut Tx, clinics: &Clinics, who: Who, replaced: Option<&str>, by: Action) -> store::Result<String> {
    let (token, now) = (token::draw(clinics.host.as_ref()), clinics.host.now());
    sign_in::begin(tx, who, &token::hash(&token), now, after(now, SIGN_IN_SECONDS)).await?;
    if let Some(replaced) = replaced {
        sign_in::remove_within(tx, who.0, &token::hash(replaced)).await?;
    }
    audit::add(tx, clinics, who.0, Entry::by_staff(who.1, by)).await?;
    Ok(token)
}

/// One more try about this, at whichever server; refused when there were too many.
async fn count(clinics: &Clinics, about: &[u8]) -> Result<()> {
    let now = clinics.host.now();
    let tries = sign_in_try::count(&clinics.pool, about, now, after(now, -TRIES_SECONDS)).await?;
    if tries > MOST_TRIES { Err(StepError::TooManyTries) } else { Ok(()) }
}

fn about_codes((clinic, staff): Who) -> Vec<u8> {
    Sha256::digest(format!("codes of {staff} at {clinic}")).to_vec()
}

/// How whoever is at the second step can take it; `None` when it is over.
pub async fn look(clinics: &Clinics, step: Option<&str>) -> store::Result<Option<Factors>> {
    let Some(step) = step else { return Ok(None) };
    match stored::open_step(&clinics.pool, &token::hash(step), clinics.host.now()).await? {
        Some((mut tx, who)) => stored::read(&mut tx, who).await.map(Some),
        None => Ok(None),
    }
}

/// Takes the second step with a code of the app, or one of the codes on paper. Returns the sign-in's token.
pub async fn take_step(clinics: &Clinics, ways: &WaysIn, step: Option<&str>, code: &str, replaced: Option<&str>) -> Result<String> {
    let (step, now) = (token::hash(step.ok_or(StepError::Over)?), clinics.host.now());
    let (tx, who) = stored::open_step(&clinics.pool, &step, now).await?.ok_or(StepError::Over)?;
    // Counted on a connection of its own, so that it stays counted; this one is not held meanwhile.
    drop(tx);
    count(clinics, &about_codes(who)).await?;
    let (mut tx, who) = stored::open_step(&clinics.pool, &step, now).await?.ok_or(StepError::Over)?;
    if !use_code(&mut tx, ways, who, code, now).await? {
        return Err(StepError::WrongCode);
    }
    if !stored::use_up_step(&mut tx, who, &step).await? {
        return Err(StepError::Over);
    }
    let token = begin(&mut tx, clinics, who, replaced, Action::SignIn).await?;
    tx.commit().await.map_err(StoreError::from)?;
    sign_in_try::forget(&clinics.pool, &about_codes(who)).await?;
    Ok(token)
}

/// Whether the code is right, and was not used before.
async fn use_code(tx: &mut Tx, ways: &WaysIn, who: Who, code: &str, now: Moment) -> store::Result<bool> {
    let factors = stored::read(tx, who).await?;
    if let Some(sealed) = &factors.totp
        && let Some(step) = second_factor::step_of(&ways.key, who.1, sealed, code, now)
    {
        return stored::use_step(tx, who, step).await;
    }
    stored::use_recovery_code(tx, who, &second_factor::recovery_hash(code)).await
}

/// New codes on paper, in place of all there were. They are told here, and kept nowhere.
pub(crate) async fn renew_codes(tx: &mut Tx, host: &dyn Host, who: Who) -> store::Result<Vec<String>> {
    let codes: Vec<_> = (0..second_factor::RECOVERY_CODES).map(|_| second_factor::draw_recovery_code(host)).collect();
    let hashes: Vec<_> = codes.iter().map(|code| second_factor::recovery_hash(code)).collect();
    stored::set_recovery_codes(tx, who, &hashes).await?;
    Ok(codes)
}

/// Somebody at the page of their own sign-in.
pub struct Own<'a> {
    pub clinics: &'a Clinics,
    pub ways: &'a WaysIn,
    pub signed_in: &'a SignedIn,
    /// Of this browser's sign-in.
    pub token: &'a str,
}

impl Own<'_> {
    pub fn who(&self) -> Who {
        (self.signed_in.clinic, self.signed_in.staff)
    }

    pub async fn open(&self) -> store::Result<Tx> {
        store::begin(&self.clinics.pool, self.signed_in.clinic).await
    }

    /// How they get in, and whether it may be changed here and now.
    pub async fn look(&self) -> store::Result<(Factors, bool)> {
        let mut tx = self.open().await?;
        let factors = stored::read(&mut tx, self.who()).await?;
        Ok((factors, self.is_confirmed(&mut tx).await?))
    }

    async fn is_confirmed(&self, tx: &mut Tx) -> store::Result<bool> {
        stored::is_confirmed(tx, self.signed_in.clinic, &token::hash(self.token), self.clinics.host.now()).await
    }

    /// Opens a transaction in which it may be changed.
    pub async fn open_confirmed(&self) -> Result<Tx> {
        let mut tx = self.open().await?;
        if self.is_confirmed(&mut tx).await? { Ok(tx) } else { Err(StepError::Unconfirmed) }
    }

    /// The password again: an iPad that was left lying about is not enough to take somebody's account over.
    pub async fn confirm(&self, password: &str) -> Result<()> {
        let (factors, _) = self.look().await?;
        let about = Sha256::digest(factors.email.as_bytes()).to_vec();
        count(self.clinics, &about).await?;
        if !password::verify_aside(password, Some(factors.password_hash)).await {
            return Err(StepError::WrongPassword);
        }
        sign_in_try::forget(&self.clinics.pool, &about).await?;
        let mut tx = self.open().await?;
        let until = after(self.clinics.host.now(), CONFIRMED_SECONDS);
        stored::confirm(&mut tx, self.signed_in.clinic, &token::hash(self.token), until).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// A new secret for an app, which takes effect with its first code.
    pub async fn offer_app(&self) -> Result<()> {
        let mut tx = self.open_confirmed().await?;
        let sealed = second_factor::draw(&self.ways.key, self.signed_in.staff, self.clinics.host.as_ref());
        stored::offer(&mut tx, self.who(), &sealed).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// The first code of the new app; returns new codes for paper.
    pub async fn confirm_app(&self, code: &str) -> Result<Vec<String>> {
        count(self.clinics, &about_codes(self.who())).await?;
        let mut tx = self.open_confirmed().await?;
        let factors = stored::read(&mut tx, self.who()).await?;
        let sealed = factors.offered.ok_or(StepError::WrongCode)?;
        let step = second_factor::step_of(&self.ways.key, self.signed_in.staff, &sealed, code, self.clinics.host.now());
        stored::set_totp(&mut tx, self.who(), &sealed, step.ok_or(StepError::WrongCode)?).await?;
        let codes = renew_codes(&mut tx, self.clinics.host.as_ref(), self.who()).await?;
        tx.commit().await.map_err(StoreError::from)?;
        sign_in_try::forget(&self.clinics.pool, &about_codes(self.who())).await?;
        Ok(codes)
    }

    /// New codes for paper; those before are dead.
    pub async fn new_codes(&self) -> Result<Vec<String>> {
        let mut tx = self.open_confirmed().await?;
        let codes = renew_codes(&mut tx, self.clinics.host.as_ref(), self.who()).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(codes)
    }
}
