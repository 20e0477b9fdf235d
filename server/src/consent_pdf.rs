//! A signed consent as a PDF to keep, print or send.
//!
//! The same document always gives the same bytes: nothing here reads the clock, the disk or chance, so a stored
//! fingerprint of the file stays true. The page is A4, the text is real text in a tagged structure, and the
//! signature is drawn as the strokes that were made.
//!
//! What the typeface cannot draw (Chinese, Hebrew, Arabic, emoji) shows as an empty box on paper, while the true
//! characters stay in the file for copying, searching and reading aloud.

mod compose;
mod font;
mod lines;
mod page;
mod tags;
#[cfg(test)]
mod tests;

use compose::Composer;
use font::Faces;

/// What a signed consent says: everything that stands on the document, as text.
#[derive(Debug, Clone)]
pub struct Document<'a> {
    pub clinic: &'a str,
    /// Such as "Consent to laser hair removal".
    pub title: &'a str,
    pub version: u32,
    /// Label and value, drawn as a small table: client, born, series, signed, witness.
    pub about: Vec<(&'a str, String)>,
    /// Heading and text, where every line of the text is a paragraph of its own.
    pub sections: Vec<(&'a str, &'a str)>,
    /// Lines the client ticked, such as what photographs may be used for; may be empty.
    pub agreed: Vec<String>,
    /// The strokes of the signature: x from 0 to 1000 across the signing field, y from 0 to 400 down it.
    pub ink: &'a [Vec<(u16, u16)>],
    /// The name typed under the signature.
    pub signer: &'a str,
    /// Such as "22 Nov 2026, 09:41 (America/Chicago)".
    pub signed_at: &'a str,
    /// The language of the text, as a tag such as "en".
    pub language: &'a str,
}

/// Why a consent could not be written as a PDF; none of these comes from what the document says.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    #[error("the typeface for documents could not be read")]
    Typeface,
    #[error("the page size was refused")]
    PageSize,
    #[error("the document could not be written: {0}")]
    Writing(#[from] krilla::error::KrillaError),
}

/// The document as the bytes of a PDF file.
///
/// # Errors
/// Only when the built-in typeface or the PDF writer fails, never because of the text or the ink.
pub fn render(document: &Document<'_>) -> Result<Vec<u8>, PdfError> {
    let faces = Faces::read()?;
    let mut composer = Composer::new(&faces);
    composer.opening(document);
    composer.sections(document);
    composer.agreed(&document.agreed);
    composer.signature(document);
    page::print(&faces, composer.finish(), document)
}
