use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};

/// What crosses to the browser when the server cannot do what was asked. The words are for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ApiError {
    #[error("The clinic's server cannot be reached.")]
    Unreachable,
    #[error("You are signed out. Sign in again; everything saved here is kept.")]
    SignedOut,
    #[error("Type your PIN to open Cadence here; everything saved here is kept.")]
    Locked,
    #[error("This is not the right PIN.")]
    WrongPin,
    #[error("The PIN was wrong too often. Sign in with your password or passkey; everything saved here is kept.")]
    TooManyPins,
    #[error("Your role does not allow this.")]
    NotAllowed,
    #[error("Somebody else saved a newer version meanwhile. Yours was not saved; look at theirs and enter your change again.")]
    Stale,
    #[error("{}", .0.join(" "))]
    Invalid(Vec<String>),
    #[error("This version of the app and the server do not understand each other. Reload to update.")]
    Mismatch,
    #[error("Something went wrong on the server. It was noted; what you entered is kept here.")]
    Internal,
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => Self::Unreachable,
            ServerFnErrorErr::Deserialization(_) | ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Mismatch,
            _ => Self::Internal,
        }
    }
}
