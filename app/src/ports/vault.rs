//! How this browser is opened, and locked again.

use super::StoreError;
use crate::api::{ApiError, installation::PIN_TRIES};
use async_trait::async_trait;
use domain::ids::StaffId;

#[async_trait(?Send)]
pub trait Vault {
    /// Opens it by PIN: by the server if that can be reached, and without for some days.
    async fn open(&self, staff: StaffId, pin: &str) -> Result<(), OpenError>;

    /// How who is here can open it next time.
    async fn pin(&self) -> Result<Pin, StoreError>;

    /// Chooses a PIN for who is here; in place of one, by that one. Needs the server.
    async fn choose_pin(&self, pin: &str, was: Option<&str>) -> Result<(), OpenError>;

    /// Forgets the keys; the page is loaded anew and asks for a PIN.
    async fn lock(&self);

    /// Signs out: whoever is here needs a full sign-in to come back.
    async fn leave(&self);
}

/// Whether somebody can open this browser by PIN.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pin {
    #[default]
    None,
    /// There is one, which was not typed here yet: it opens this browser only with the server.
    Elsewhere,
    /// Also without the network.
    Here,
}

/// Why somebody is not let in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// So many more tries may be made without the server; with it, the server counts.
    #[error("This is not the right PIN.{}", left(*.0))]
    WrongPin(Option<u8>),
    #[error("The PIN was wrong {PIN_TRIES} times. Sign in with your password; everything saved here is kept.")]
    TooManyPins,
    #[error("This device was not at the clinic’s server for too long. Connect it to the network once; everything saved here is kept.")]
    NeedsNetwork,
    #[error("Sign in with your password on this device once; after that the PIN opens it. Everything saved here is kept.")]
    NeedsSignIn,
    #[error("{0}")]
    Api(ApiError),
    #[error("{0}")]
    Store(#[from] StoreError),
}

fn left(tries: Option<u8>) -> String {
    match tries {
        None => String::new(),
        Some(1) => " One more try.".to_owned(),
        Some(tries) => format!(" {tries} more tries."),
    }
}

impl From<ApiError> for OpenError {
    fn from(error: ApiError) -> Self {
        match error {
            ApiError::WrongPin => Self::WrongPin(None),
            ApiError::TooManyPins => Self::TooManyPins,
            ApiError::SignedOut | ApiError::Locked => Self::NeedsSignIn,
            error => Self::Api(error),
        }
    }
}
