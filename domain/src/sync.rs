//! What device and server say to each other.

use crate::{
    command::Refusal,
    ids::{ClientId, EpochId},
    rejection::Rejection,
};
use serde::{Deserialize, Serialize};

/// Layout of the binary pages. A device that reads another number fetches everything anew; its outbox is JSON and stays.
pub const PAGE_FORMAT: u16 = 8;

/// The server's answer to one command, durable before it is given; a repeat gets the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Part of the chart since this version of the clinic.
    Applied { version: u64 },
    /// Kept beside the chart for a person to decide.
    SetAside { version: u64, rejection: Rejection },
    /// Not taken; the text stays on the device.
    Refused(Refusal),
}

/// Everything that changed after `from`, up to and including `to`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    pub format: u16,
    pub epoch: EpochId,
    pub from: u64,
    pub to: u64,
    /// The clinic's version when this page was read; the device is up to date when `to` equals it.
    pub latest: u64,
    /// Charts there are in all, for the progress bar of a first sync.
    pub total: u32,
    pub charts: Vec<PageChart>,
    /// The catalogue, when it changed.
    pub catalogue: Option<Body>,
}

/// One chart as the server keeps it; decoded only when it is the newest the device has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageChart {
    pub client: ClientId,
    pub version: u64,
    pub body: Body,
}

/// Encoded bytes that pass through without being looked into.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body(pub Vec<u8>);

impl Serialize for Body {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;
        impl serde::de::Visitor<'_> for Bytes {
            type Value = Vec<u8>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
                Ok(bytes.to_vec())
            }
            fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
                Ok(bytes)
            }
        }
        deserializer.deserialize_byte_buf(Bytes).map(Self)
    }
}

/// Something in a page does not decode: it was written in another layout, or is damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the stored bytes cannot be read")]
pub struct Unreadable;

impl Page {
    pub fn encode(&self) -> Vec<u8> {
        encode(self)
    }

    pub fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        let (format, _) = postcard::take_from_bytes::<u16>(bytes).map_err(|_| Unreadable)?;
        if format != PAGE_FORMAT {
            return Err(Unreadable);
        }
        decode(bytes)
    }
}

/// Encodes a chart or the catalogue for a [`Body`].
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    postcard::to_stdvec(value).expect("plain data encodes")
}

pub fn decode<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<T, Unreadable> {
    postcard::from_bytes(bytes).map_err(|_| Unreadable)
}
