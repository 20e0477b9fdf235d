//! What a finished series ends in: where a client can say how it was with the clinic, and what could come next.

use crate::ids::PackageId;
use serde::{Deserialize, Serialize};

/// Kept with the clinic's policies.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Where reviews are written, `https://…`; empty: nowhere.
    pub review_link: String,
    /// After a package; nothing is offered after those that are not named.
    pub next: Vec<(PackageId, Next)>,
}

/// What could come after a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Next {
    Package(PackageId),
    /// As they stand in the message, whatever its language.
    Words(String),
}

const LONGEST_LINK: usize = 300;
const LONGEST_WORDS: usize = 300;

impl Closing {
    pub fn after(&self, package: PackageId) -> Option<&Next> {
        self.next.iter().find(|(after, _)| *after == package).map(|(_, next)| next)
    }

    /// What is wrong with it, in words for the person who edits it.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.review_link.is_empty() && !is_link(&self.review_link) {
            faults.push("The link to reviews is a whole address, such as https://example.com/review.".to_owned());
        }
        for (n, (after, next)) in self.next.iter().enumerate() {
            match next {
                Next::Package(package) if package == after => faults.push("After a package comes another one.".to_owned()),
                Next::Words(words) if !is_said(words) => {
                    faults.push(format!("Say in one line of up to {LONGEST_WORDS} characters what could come next."));
                }
                _ => {}
            }
            if self.next[..n].iter().any(|(other, _)| other == after) {
                faults.push("After one package two things come next.".to_owned());
            }
        }
        faults
    }
}

fn is_said(words: &str) -> bool {
    !words.trim().is_empty() && words.chars().count() <= LONGEST_WORDS && !words.contains(char::is_control)
}

/// An address on the open web, of which everybody can see to whom it leads: no name and password before the host, and a host that is a
/// name.
fn is_link(link: &str) -> bool {
    let Some(rest) = link.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.split_once(':').map_or(host, |(host, port)| if port.parse::<u16>().is_ok() { host } else { "" });
    let is_label = |label: &str| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let is_name = host.contains('.') && host.split('.').all(is_label) && host.bytes().any(|byte| byte.is_ascii_alphabetic());
    let plain = link.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte));
    link.len() <= LONGEST_LINK && is_name && plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_link_to_reviews_leads_to_a_place_on_the_web() {
        let faults = |link: &str| Closing { review_link: link.to_owned(), next: vec![] }.faults().len();
        for good in ["", "https://g.page/r/CdLindenhof/review", "https://www.example.com:8443/a?b=c&d=%20#e", "https://example.com"] {
            assert_eq!(faults(good), 0, "{good}");
        }
        for bad in [
            "http://example.com/review",
            "example.com/review",
            "https://",
            "https://localhost/",
            "https://127.0.0.1/",
            "https://clinic.example@evil.example/",
            "https://example.com/a b",
            "https://example.com/\n",
            "https://example.com/{{first_name}}",
            "https://exämple.com/",
            "https://example.com:port/",
            "javascript:alert(1)",
        ] {
            assert_eq!(faults(bad), 1, "{bad}");
        }
        assert_eq!(faults(&format!("https://example.com/{}", "a".repeat(300))), 1);
    }

    #[test]
    fn what_comes_next_is_said_once_and_is_something_else() {
        let [one, two] = [1, 2].map(|n| PackageId(Uuid::from_u128(n)));
        let words = |words: &str| Next::Words(words.to_owned());
        let faults = |next: Vec<(PackageId, Next)>| Closing { review_link: String::new(), next }.faults().len();
        assert_eq!(faults(vec![(one, Next::Package(two)), (two, words("Twice a year, to keep it so"))]), 0);
        assert_eq!(faults(vec![(one, Next::Package(one))]), 1);
        assert_eq!(faults(vec![(one, words(" "))]), 1);
        assert_eq!(faults(vec![(one, words("a\nb"))]), 1);
        assert_eq!(faults(vec![(one, words("a")), (one, words("b"))]), 1);
        let closing = Closing { next: vec![(one, Next::Package(two))], ..Closing::default() };
        assert_eq!((closing.after(one), closing.after(two)), (Some(&Next::Package(two)), None));
    }
}
