//! What becomes of a link that lets somebody in: a password is chosen, then an app or a passkey is set up. Only then is the link used
//! up, and what was there before replaced.

use crate::{
    clinic::Clinics,
    getting_in::{StepError, begin, renew_codes},
    passkeys, password,
    second_factor::{self, Offered},
    store::{StoreError, Tx, invitation, people, second_factor as stored, second_factor::Who},
    token,
    ways_in::WaysIn,
};
use domain::audit::Action;
use webauthn_rs::prelude::{CreationChallengeResponse, Passkey};

pub use invitation::Invited;

/// Why a link did not let somebody in.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// Used, replaced, ended, or never made: the same words for all of them.
    #[error("This invitation is not good any more.")]
    Gone,
    #[error("{0}")]
    Password(&'static str),
    #[error("{0}")]
    Factor(StepError),
    #[error("Something went wrong on the server. It was noted; try again.")]
    Store(#[from] StoreError),
}

impl From<StepError> for InvitationError {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Store(error) => Self::Store(error),
            error => Self::Factor(error),
        }
    }
}

type Result<T> = std::result::Result<T, InvitationError>;

/// Somebody got in.
pub struct Accepted {
    /// Of the sign-in that began.
    pub sign_in: String,
    /// For paper. They are told here, and kept nowhere.
    pub codes: Vec<String>,
}

/// A link that was opened.
pub struct Link<'a> {
    pub clinics: &'a Clinics,
    pub ways: &'a WaysIn,
    pub token: &'a str,
}

impl Link<'_> {
    async fn open(&self) -> Result<(Tx, Invited)> {
        let found = invitation::open(&self.clinics.pool, &token::hash(self.token), self.clinics.host.now()).await?;
        found.ok_or(InvitationError::Gone)
    }

    /// Whom this link would let in. Looking changes nothing.
    pub async fn look(&self) -> Result<Invited> {
        self.open().await.map(|(_, invited)| invited)
    }

    /// What an authenticator app is told; there is nothing to tell before the password is chosen.
    pub fn offered(&self, invited: &Invited) -> Option<Offered> {
        second_factor::offer(&self.ways.key, invited.staff, invited.totp_offered.as_ref()?, &invited.email)
    }

    /// Keeps a password beside the link; the one that is in use stays until the link is used up.
    pub async fn choose(&self, password: &str) -> Result<()> {
        let invited = self.look().await?;
        password::check(password, &invited.name, &invited.email).map_err(InvitationError::Password)?;
        let hash = password::hash_aside(password, &self.clinics.host).await;
        let (mut tx, invited) = self.open().await?;
        let secret = second_factor::draw(&self.ways.key, invited.staff, self.clinics.host.as_ref());
        invitation::choose(&mut tx, invited.clinic, &token::hash(self.token), &hash, &secret).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(())
    }

    /// Gets in with the first code of the app that was shown the secret.
    pub async fn accept_app(&self, code: &str) -> Result<Accepted> {
        let (mut tx, invited) = self.open().await?;
        let sealed = invited.totp_offered.clone().ok_or(InvitationError::Gone)?;
        let step = second_factor::step_of(&self.ways.key, invited.staff, &sealed, code, self.clinics.host.now());
        let step = step.ok_or(StepError::WrongCode)?;
        let who = self.replace(&mut tx, &invited).await?;
        stored::set_totp(&mut tx, who, &sealed, step).await?;
        self.enter(tx, who).await
    }

    pub async fn begin_passkey(&self) -> Result<CreationChallengeResponse> {
        let (mut tx, invited) = self.open().await?;
        invited.password_hash.as_ref().ok_or(InvitationError::Gone)?;
        let who = (invited.clinic, invited.staff);
        let options = passkeys::begin_adding(&mut tx, self.ways, who, &invited.name, self.clinics.host.now()).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(options)
    }

    /// Gets in with the key that was made.
    pub async fn accept_passkey(&self, name: &str, answer: &str) -> Result<Accepted> {
        let (mut tx, invited) = self.open().await?;
        let key: Passkey = passkeys::made(&mut tx, self.ways, (invited.clinic, invited.staff), answer, self.clinics.host.now()).await?;
        let who = self.replace(&mut tx, &invited).await?;
        passkeys::keep(&mut tx, self.clinics, who, name, &key).await?;
        self.enter(tx, who).await
    }

    /// Uses the link up: the chosen password is the one from now on, and whatever else let this person in is gone.
    async fn replace(&self, tx: &mut Tx, invited: &Invited) -> Result<Who> {
        let who = (invited.clinic, invited.staff);
        let hash = invited.password_hash.as_ref().ok_or(InvitationError::Gone)?;
        if !invitation::use_up(tx, invited.clinic, &token::hash(self.token)).await? {
            return Err(InvitationError::Gone);
        }
        people::set_password(tx, invited.clinic, invited.staff, hash).await?;
        people::end_sign_ins(tx, invited.clinic, invited.staff).await?;
        stored::clear(tx, who).await?;
        Ok(who)
    }

    async fn enter(&self, mut tx: Tx, who: Who) -> Result<Accepted> {
        let codes = renew_codes(&mut tx, self.clinics.host.as_ref(), who).await?;
        let sign_in = begin(&mut tx, self.clinics, who, None, Action::AcceptInvitation).await?;
        tx.commit().await.map_err(StoreError::from)?;
        Ok(Accepted { sign_in, codes })
    }
}
