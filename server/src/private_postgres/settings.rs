//! How Postgres is set up.

use super::cluster::LOCALE;

/// How careful Postgres is with the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// What is committed survives a power cut. For everything that matters.
    Full,
    /// Fast, and gone with the machine. For tests.
    ThrowAway,
}

/// Settings for either kind. They are given at every start rather than written down once, so that a newer server can
/// change them; whoever wants others runs a Postgres of their own and sets `DATABASE_URL`.
const ALWAYS: &[(&str, &str)] = &[
    ("listen_addresses", ""),
    ("unix_socket_permissions", "0700"),
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("lc_messages", LOCALE),
    // Errors go to the client, which words them; in the log they would put personal data on disk in plain text. (In
    // this setting `log` ranks above `error`.)
    ("log_min_messages", "log"),
    ("log_min_error_statement", "panic"),
    ("log_checkpoints", "off"),
    // Compiling a query costs more than any query of a clinic gains.
    ("jit", "off"),
];

const FULL: &[(&str, &str)] = &[
    ("fsync", "on"),
    ("synchronous_commit", "on"),
    ("full_page_writes", "on"),
    ("autovacuum", "on"),
    ("shared_buffers", "256MB"),
    ("max_connections", "50"),
];

const THROW_AWAY: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("autovacuum", "off"),
    ("wal_level", "minimal"),
    ("max_wal_senders", "0"),
    ("checkpoint_timeout", "1h"),
    ("max_connections", "200"),
];

impl Durability {
    /// The settings as `name=value`.
    pub(super) fn settings(self) -> impl Iterator<Item = String> {
        let own = match self {
            Self::Full => FULL,
            Self::ThrowAway => THROW_AWAY,
        };
        ALWAYS.iter().chain(own).map(|(name, value)| format!("{name}={value}"))
    }
}
