//! Bytes that are encoded already: the pages of a pull go through as they are.

use domain::sync::Body;
use leptos::server_fn::{ContentType, Decodes, Encodes, Format, FormatType, codec::Post};
use std::convert::Infallible;

/// Output encoding of server functions that answer with a [`Body`].
pub type Raw = Post<RawEncoding>;

pub struct RawEncoding;

impl ContentType for RawEncoding {
    const CONTENT_TYPE: &'static str = "application/octet-stream";
}

impl FormatType for RawEncoding {
    const FORMAT_TYPE: Format = Format::Binary;
}

impl Encodes<Body> for RawEncoding {
    type Error = Infallible;

    fn encode(body: &Body) -> Result<bytes::Bytes, Infallible> {
        Ok(bytes::Bytes::copy_from_slice(&body.0))
    }
}

impl Decodes<Body> for RawEncoding {
    type Error = Infallible;

    fn decode(bytes: bytes::Bytes) -> Result<Body, Infallible> {
        Ok(Body(bytes.into()))
    }
}
