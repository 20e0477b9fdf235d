//! What the forms send by which somebody chooses or changes how to get in.

use serde::Deserialize;

#[derive(Deserialize)]
pub struct Password {
    pub password: String,
}

/// Of an authenticator app.
#[derive(Deserialize)]
pub struct Code {
    pub code: String,
}

/// A new passkey: its name, and what the browser answered.
#[derive(Deserialize)]
pub struct Key {
    #[serde(default)]
    pub name: String,
    pub answer: String,
}
