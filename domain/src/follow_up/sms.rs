//! How many parts a text message is sent, and paid, in.

/// A text may fill so many parts.
pub const MOST_PARTS: usize = 3;

/// The GSM 03.38 alphabet; other characters make the whole message UCS-2, with less than half the room.
const GSM: &str =
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// These take two places.
const GSM_EXTENDED: &str = "^{}\\[~]|€";

/// Parts of a message: 160 places in one, 153 in each of several; with characters outside the GSM alphabet 70 and 67.
pub fn parts(text: &str) -> usize {
    let places = text.chars().try_fold(0, |places, c| {
        let more = if GSM.contains(c) { 1 } else { 2 };
        (more == 1 || GSM_EXTENDED.contains(c)).then_some(places + more)
    });
    let (places, one, each) = match places {
        Some(places) => (places, 160, 153),
        None => (text.chars().map(char::len_utf16).sum(), 70, 67),
    };
    if places <= one { usize::from(places > 0) } else { places.div_ceil(each) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_counted_as_carriers_count_them() {
        for (text, wanted) in [
            (String::new(), 0),
            ("a".repeat(160), 1),
            ("a".repeat(161), 2),
            ("a".repeat(306), 2),
            ("a".repeat(307), 3),
            ("€".repeat(80), 1),
            ("€".repeat(81), 2),
            // One curly apostrophe and the whole message is another alphabet.
            (format!("{}’", "a".repeat(69)), 1),
            (format!("{}’", "a".repeat(70)), 2),
            ("🙂".repeat(35), 1),
            ("🙂".repeat(36), 2),
        ] {
            assert_eq!(parts(&text), wanted, "{text}");
        }
    }
}
