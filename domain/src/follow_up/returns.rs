//! What a carrier's words say about an address to which something was not delivered.

use super::policy::Channel;

/// Whether the address is to blame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blame {
    /// Nobody is there, and nobody will be.
    Gone,
    /// Nobody could be reached: switched off, perhaps.
    Unreachable,
    /// Something else: the text, the sender, a mailbox that is full.
    Other,
}

/// Twilio: not a number, not a mobile number, unknown, a landline, or a carrier that cannot be reached.
const GONE_NUMBERS: [&str; 6] = ["21211", "21214", "21217", "21614", "30005", "30006"];
const UNREACHABLE_NUMBERS: [&str; 1] = ["30003"];

/// Of what a carrier said when it did not take a message, or returned it.
pub fn blame(channel: Channel, said: &str) -> Blame {
    match channel {
        Channel::Sms => {
            let mut codes = said.split(|c: char| !c.is_ascii_digit());
            codes.find_map(number).unwrap_or(Blame::Other)
        }
        Channel::Email => address(said),
    }
}

fn number(code: &str) -> Option<Blame> {
    if GONE_NUMBERS.contains(&code) {
        Some(Blame::Gone)
    } else if UNREACHABLE_NUMBERS.contains(&code) {
        Some(Blame::Unreachable)
    } else {
        None
    }
}

/// By the enhanced status code (RFC 3463): 5.1 is about the address, 5.2.1 a mailbox that is closed. Where there is none, by the reply
/// code of SMTP that stands for an unknown mailbox.
fn address(said: &str) -> Blame {
    let mut pieces = said.split(|c: char| !(c.is_ascii_digit() || c == '.')).map(|piece| piece.trim_matches('.'));
    let enhanced = pieces.clone().find(|piece| piece.starts_with("5.") && piece.split('.').count() == 3);
    let is_gone = match enhanced {
        // 5.1.7 and 5.1.8 are about the sender's.
        Some(code) => ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"].contains(&code),
        None => pieces.any(|code| ["550", "551", "553"].contains(&code)),
    };
    if is_gone { Blame::Gone } else { Blame::Other }
}

/// Whether nothing is to be sent there any more, by what came back from it since something last arrived; the latest first. A telephone
/// that is switched off once is not dead: that counts when it comes twice in a row.
pub fn is_dead(came_back: &[Blame]) -> bool {
    let mut blames = came_back.iter().filter(|blame| **blame != Blame::Other);
    match blames.next() {
        Some(Blame::Gone) => true,
        Some(_) => blames.next().is_some(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_to_blame_for_some_of_what_comes_back() {
        for (said, wanted) in [
            ("21211: Invalid 'To' Phone Number", Blame::Gone),
            ("21614: 'To' number is not a valid mobile number", Blame::Gone),
            ("undelivered 30005", Blame::Gone),
            ("failed 30006", Blame::Gone),
            ("undelivered 30003", Blame::Unreachable),
            // Filtered as spam, or for no reason anybody knows.
            ("undelivered 30007", Blame::Other),
            ("failed 30008", Blame::Other),
            ("HTTP 400", Blame::Other),
            ("", Blame::Other),
            // A number that only contains one.
            ("to +1302111212345", Blame::Other),
        ] {
            assert_eq!(blame(Channel::Sms, said), wanted, "{said}");
        }
        for (said, wanted) in [
            ("5.1.1: smtp; 550 5.1.1 no such user here", Blame::Gone),
            ("permanent error (550): 5.1.1 <maya@example.com>: Recipient address rejected", Blame::Gone),
            ("permanent error (550): no such user", Blame::Gone),
            ("permanent error (556): 5.1.10 null MX", Blame::Gone),
            ("5.2.1: mailbox disabled", Blame::Gone),
            ("5.2.2: mailbox full", Blame::Other),
            // The clinic's own server, or what is written.
            ("permanent error (550): 5.7.1 relaying denied", Blame::Other),
            ("permanent error (554): 5.7.1 looks like spam", Blame::Other),
            ("permanent error (553): 5.1.8 sender address rejected", Blame::Other),
            ("permanent error (552): message too large", Blame::Other),
            ("", Blame::Other),
        ] {
            assert_eq!(blame(Channel::Email, said), wanted, "{said}");
        }
    }

    #[test]
    fn off_once_is_not_dead() {
        use Blame::*;
        for (came_back, wanted) in [
            (vec![], false),
            (vec![Gone], true),
            (vec![Unreachable], false),
            (vec![Unreachable, Unreachable], true),
            (vec![Unreachable, Other, Gone], true),
            (vec![Other, Unreachable], false),
            (vec![Other, Other], false),
        ] {
            assert_eq!(is_dead(&came_back), wanted, "{came_back:?}");
        }
    }
}
