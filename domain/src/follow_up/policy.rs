//! What a clinic sends for one type of package: which kinds, when, by which channels, in which words.

use super::{
    closing::Closing,
    kind::{Anchor, Kind},
    language::main_part,
    sms,
    times::{QUIET_FROM, QUIET_UNTIL},
    variable::{Used, Variable, fill, used},
};
use crate::ids::PackageId;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// By what a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Channel {
    Sms,
    Email,
}

/// Kept as JSON. One for each package that has its own, and the clinic's usual one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Days after the due date in which a session still is in its window; `None`: a sixth of the interval, 3 to 14 days.
    pub tolerance_days: Option<u16>,
    /// When touches of calendar days go, in minutes after midnight.
    pub minute: u16,
    /// Its stalled plans stand first on the call list.
    pub first_on_call_list: bool,
    /// One for each kind, in the order of [`Kind::ALL`].
    pub rules: Vec<Rule>,
}

/// What is sent for one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    pub kind: Kind,
    pub on: bool,
    /// In the unit and from the anchor of [`Kind::timing`].
    pub offset: u16,
    /// The one that is tried first stands first. Empty only of a flag.
    pub channels: Vec<Channel>,
    /// By all of them at once; it is one touch nevertheless. Otherwise by the first that reaches her.
    pub by_all: bool,
    /// One for each language; the first is the clinic's own.
    pub texts: Vec<Text>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// `en`, `es-MX`.
    pub language: String,
    pub sms: String,
    pub subject: String,
    /// Of the e-mail; plain text, paragraphs apart by an empty line.
    pub body: String,
}

/// All policies of a clinic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policies {
    /// Of packages that have none of their own.
    pub usual: Policy,
    pub of_packages: Vec<(PackageId, Policy)>,
    /// Policies that were kept before there was any have none.
    #[serde(default)]
    pub closing: Closing,
}

const USUAL_MINUTE: u16 = 10 * 60;
const TOLERANCE: RangeInclusive<u16> = 1..=60;
const SCALED_TOLERANCE: (u16, u16) = (3, 14);
const LONGEST_SUBJECT: usize = 150;
const LONGEST_BODY: usize = 5_000;
const MOST_LANGUAGES: usize = 20;

impl Channel {
    pub const ALL: [Self; 2] = [Self::Sms, Self::Email];

    pub fn label(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Email => "E-mail",
        }
    }
}

impl Policies {
    /// What holds until a clinic has edited anything.
    pub fn standard() -> Self {
        Self { usual: Policy::standard(), of_packages: Vec::new(), closing: Closing::default() }
    }

    pub fn of(&self, package: PackageId) -> &Policy {
        self.of_packages.iter().find(|(own, _)| *own == package).map_or(&self.usual, |(_, policy)| policy)
    }

    /// In which clients can be written to: the clinic's own first, then those of any text that is sent.
    pub fn languages(&self) -> Vec<&str> {
        let all = std::iter::once(&self.usual).chain(self.of_packages.iter().map(|(_, policy)| policy));
        let texts = all.flat_map(|policy| &policy.rules).filter(|rule| rule.on).flat_map(|rule| &rule.texts);
        let mut languages: Vec<&str> = Vec::new();
        for text in texts {
            if !languages.iter().any(|known| known.eq_ignore_ascii_case(&text.language)) {
                languages.push(&text.language);
            }
        }
        languages
    }

    /// What is wrong with them, in words for the person who edits; empty when they can be saved.
    pub fn faults(&self) -> Vec<String> {
        let all = std::iter::once(&self.usual).chain(self.of_packages.iter().map(|(_, policy)| policy));
        let mut faults: Vec<_> = all.flat_map(Policy::faults).chain(self.closing.faults()).collect();
        let twice = |n: usize| self.of_packages[..n].iter().any(|(other, _)| *other == self.of_packages[n].0);
        if (0..self.of_packages.len()).any(twice) {
            faults.push("One package has two policies.".to_owned());
        }
        faults
    }
}

impl Policy {
    /// The whole sequence.
    pub fn standard() -> Self {
        let rule = |kind: Kind| Rule {
            kind,
            on: true,
            offset: kind.timing().usual,
            channels: match kind {
                Kind::Flag => Vec::new(),
                // There is much to read in it.
                Kind::Aftercare | Kind::CloseOut => vec![Channel::Email, Channel::Sms],
                _ => vec![Channel::Sms, Channel::Email],
            },
            by_all: kind == Kind::Reminder,
            texts: Text::standard(kind).into_iter().collect(),
        };
        Self { tolerance_days: None, minute: USUAL_MINUTE, first_on_call_list: false, rules: Kind::ALL.into_iter().map(rule).collect() }
    }

    /// One light reminder before the session is due, and what belongs to the treatment and the booking itself.
    pub fn light() -> Self {
        let mut policy = Self::standard();
        for rule in &mut policy.rules {
            rule.on = matches!(rule.kind, Kind::Aftercare | Kind::Reminder | Kind::Appointment);
            rule.by_all = false;
        }
        policy
    }

    /// The rule of a kind that is on.
    pub fn rule(&self, kind: Kind) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.kind == kind && rule.on)
    }

    /// Days after the due date that still count as kept, for a plan of that interval.
    pub fn tolerance(&self, interval_days: u16) -> u16 {
        let (least, most) = SCALED_TOLERANCE;
        self.tolerance_days.unwrap_or((interval_days / 6).clamp(least, most))
    }

    /// What is wrong with it, in words for the person who edits it; empty when it can be saved.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.tolerance_days.is_some_and(|days| !TOLERANCE.contains(&days)) {
            faults.push(format!("A session stays in its window for {} to {} days after it was due.", TOLERANCE.start(), TOLERANCE.end()));
        }
        if !(QUIET_UNTIL..QUIET_FROM).contains(&self.minute) {
            faults.push("Messages go between 08:00 and 21:00.".to_owned());
        }
        for kind in Kind::ALL {
            match self.rules.iter().filter(|rule| rule.kind == kind).count() {
                0 => faults.push(format!("{}: nothing is said about it.", kind.label())),
                1 => {}
                _ => faults.push(format!("{}: two rules say different things.", kind.label())),
            }
        }
        faults.extend(self.rules.iter().flat_map(Rule::faults));
        faults
    }
}

impl Rule {
    /// The text in a client's language, in its main language, in that of another country, or in the clinic's own.
    pub fn text(&self, language: &str) -> Option<&Text> {
        let main = main_part(language);
        let same = |tag: &str| self.texts.iter().find(|text| text.language.eq_ignore_ascii_case(tag));
        let near = || self.texts.iter().find(|text| main_part(&text.language).eq_ignore_ascii_case(main));
        same(language).or_else(|| same(main)).or_else(near).or_else(|| self.texts.first())
    }

    /// Whether there is a text for that channel, in every language.
    pub fn says_by(&self, channel: Channel) -> bool {
        let says = |text: &Text| match channel {
            Channel::Sms => !text.sms.trim().is_empty(),
            Channel::Email => !text.subject.trim().is_empty() && !text.body.trim().is_empty(),
        };
        !self.texts.is_empty() && self.texts.iter().all(says)
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |words: String| faults.push(format!("{}: {words}", self.kind.label()));
        let timing = self.kind.timing();
        if !timing.range.contains(&self.offset) {
            if timing.anchor == Anchor::HalfInterval {
                fault("it goes after half the interval.".to_owned());
            } else {
                fault(format!("choose {} to {} {}.", timing.range.start(), timing.range.end(), timing.words()));
            }
        }
        let twice = self.channels.iter().enumerate().any(|(n, channel)| self.channels[n + 1..].contains(channel));
        if self.kind.is_message() && (self.channels.is_empty() || twice) {
            fault("choose by what it goes, each way once.".to_owned());
        }
        if !self.kind.is_message() {
            if !self.texts.is_empty() || !self.channels.is_empty() {
                fault("nothing is sent; it puts the plan on the call list.".to_owned());
            }
            return faults;
        }
        if self.texts.is_empty() || self.texts.len() > MOST_LANGUAGES {
            fault(format!("write it in 1 to {MOST_LANGUAGES} languages."));
        }
        let languages = || self.texts.iter().map(|text| text.language.to_lowercase());
        if self.texts.iter().any(|text| languages().filter(|other| *other == text.language.to_lowercase()).count() > 1) {
            fault("one language has two texts.".to_owned());
        }
        for text in &self.texts {
            text.faults(self.kind, &self.channels).into_iter().for_each(&mut fault);
        }
        faults
    }
}

impl Text {
    /// Its faults, as they continue "Aftercare: ".
    fn faults(&self, kind: Kind, channels: &[Channel]) -> Vec<String> {
        let mut faults = Vec::new();
        let mut fault = |words: String| faults.push(format!("{words} ({})", self.language));
        if !is_language(&self.language) {
            fault("its language needs a tag such as en or es-MX.".to_owned());
        }
        let parts: &[(Channel, &str, &str)] = &[
            (Channel::Sms, "the SMS", &self.sms),
            (Channel::Email, "the subject", &self.subject),
            (Channel::Email, "the e-mail", &self.body),
        ];
        for (channel, name, text) in parts {
            if channels.contains(channel) && text.trim().is_empty() {
                fault(format!("{name} has no text."));
            }
            for used in used(text) {
                match used {
                    Used::Known(variable) if variable.is_allowed(kind) => {}
                    Used::Known(variable) => fault(format!("{{{{{}}}}} cannot stand in {name}.", variable.code())),
                    Used::Unknown(code) => fault(format!("nobody knows what {{{{{code}}}}} is, in {name}.")),
                }
            }
        }
        let filled = |text: &str| fill(text, |variable: Variable| Some(variable.example().to_owned()));
        let sms = sms::parts(&filled(&self.sms));
        if sms > sms::MOST_PARTS {
            fault(format!("the SMS would go in {sms} parts; {} are the most.", sms::MOST_PARTS));
        }
        if self.subject.contains(['\n', '\r']) || filled(&self.subject).chars().count() > LONGEST_SUBJECT {
            fault(format!("the subject is one line of up to {LONGEST_SUBJECT} characters."));
        }
        if self.body.len() > LONGEST_BODY {
            fault("the e-mail is too long to be read.".to_owned());
        }
        faults
    }
}

/// `en`, `es-MX`: letters and digits in parts of two to eight.
fn is_language(tag: &str) -> bool {
    let is_part = |part: &str| (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    tag.split('-').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow_up::kind::Step;

    #[test]
    fn what_comes_with_the_house_can_be_saved_and_read_again() {
        for policy in [Policy::standard(), Policy::light()] {
            assert_eq!(policy.faults(), Vec::<String>::new());
            let json = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<Policy>(&json).unwrap(), policy);
        }
    }

    #[test]
    fn standard_sms_are_short_and_tell_nothing_of_the_treatment() {
        for rule in Policy::standard().rules.iter().filter(|rule| rule.kind.is_message()) {
            let text = &rule.texts[0];
            let filled = fill(&text.sms, |variable| Some(variable.example().to_owned()));
            assert!(sms::parts(&filled) <= 2, "{}: {filled}", rule.kind);
            // On a locked screen everybody reads them.
            for seen in [&text.sms, &text.subject] {
                let detail = |used: &Used| matches!(used, Used::Known(variable) if variable.is_treatment_detail());
                assert!(!used(seen).iter().any(detail), "{seen}");
            }
            assert!(!rule.kind.is_promotional() || text.sms.contains("STOP"), "{}", rule.kind);
            assert!(
                used(&text.sms).contains(&Used::Known(Variable::FirstName)) && used(&text.sms).contains(&Used::Known(Variable::Clinic))
            );
        }
    }

    #[test]
    fn a_light_policy_has_one_nudge() {
        let light = Policy::light();
        let nudges: Vec<_> = light.rules.iter().filter(|rule| rule.on && rule.kind.is_promotional()).map(|rule| rule.kind).collect();
        assert_eq!(nudges, [Kind::Reminder]);
        assert!(light.rule(Kind::Recovery(Step::Soft)).is_none() && light.rule(Kind::Aftercare).is_some());
    }

    #[test]
    fn tolerance_grows_with_the_interval() {
        let policy = Policy::standard();
        assert_eq!([7, 28, 42, 90, 365].map(|interval| policy.tolerance(interval)), [3, 4, 7, 14, 14]);
        assert_eq!(Policy { tolerance_days: Some(10), ..policy }.tolerance(42), 10);
    }

    fn with(kind: Kind, change: impl Fn(&mut Rule)) -> Vec<String> {
        let mut policy = Policy::standard();
        policy.rules.iter_mut().filter(|rule| rule.kind == kind).for_each(change);
        policy.faults()
    }

    #[test]
    fn what_could_not_be_sent_is_told() {
        let reminder = |change: fn(&mut Rule)| with(Kind::Reminder, change);
        assert_eq!(reminder(|rule| rule.offset = 12), ["Reminder to book: choose 24 to 96 hours before the session is due."]);
        assert_eq!(reminder(|rule| rule.channels.clear()), ["Reminder to book: choose by what it goes, each way once."]);
        assert_eq!(reminder(|rule| rule.channels.push(Channel::Sms)).len(), 1);
        assert_eq!(reminder(|rule| rule.texts[0].sms = " ".into()), ["Reminder to book: the SMS has no text. (en)"]);
        assert_eq!(
            reminder(|rule| rule.texts[0].body = "Dear {{name}}".into()),
            ["Reminder to book: nobody knows what {{name}} is, in the e-mail. (en)"]
        );
        assert_eq!(
            reminder(|rule| rule.texts[0].sms = "{{aftercare}}".into()),
            ["Reminder to book: {{aftercare}} cannot stand in the SMS. (en)"]
        );
        assert_eq!(
            reminder(|rule| rule.texts[0].sms = "long ".repeat(100)),
            ["Reminder to book: the SMS would go in 4 parts; 3 are the most. (en)"]
        );
        assert_eq!(reminder(|rule| rule.texts[0].subject = "a\nb".into()).len(), 1);
        assert_eq!(reminder(|rule| rule.texts[0].language = "english language".into()).len(), 1);
        assert_eq!(reminder(|rule| rule.texts.push(rule.texts[0].clone())).len(), 1);
        assert_eq!(reminder(|rule| rule.texts.clear()).len(), 1);
        assert_eq!(with(Kind::Midpoint, |rule| rule.offset = 1), ["Midpoint: it goes after half the interval."]);
        assert_eq!(with(Kind::Flag, |rule| rule.channels.push(Channel::Sms)).len(), 1);
        // By a channel that is not used nothing has to be said.
        assert!(with(Kind::CheckIn, |rule| (rule.channels, rule.texts[0].subject) = (vec![Channel::Sms], String::new())).is_empty());
        let standard = Policy::standard();
        assert_eq!(Policy { minute: 21 * 60, ..standard.clone() }.faults().len(), 1);
        assert_eq!(Policy { tolerance_days: Some(0), ..standard.clone() }.faults().len(), 1);
        assert_eq!(Policy { rules: Vec::new(), ..standard }.faults().len(), Kind::ALL.len());
    }

    #[test]
    fn a_client_reads_her_own_language() {
        let mut policy = Policy::standard();
        let rule = &mut policy.rules[0];
        rule.texts.push(Text { language: "es".into(), ..rule.texts[0].clone() });
        let language = |wanted: &str| rule.text(wanted).map(|text| text.language.as_str());
        assert_eq!(
            ["es", "ES", "es-MX", "en-GB", "fr", ""].map(language),
            [Some("es"), Some("es"), Some("es"), Some("en"), Some("en"), Some("en")]
        );
        // Of another country is nearer than the clinic's own.
        rule.texts[1].language = "es-MX".into();
        assert_eq!(["es", "es-ES", "en"].map(|wanted| rule.text(wanted).unwrap().language.as_str()), ["es-MX", "es-MX", "en"]);
    }

    #[test]
    fn clients_choose_among_the_languages_of_what_is_sent() {
        let mut policies = Policies::standard();
        assert_eq!(policies.languages(), ["en"]);
        let mut light = Policy::light();
        for (kind, language) in [(Kind::Reminder, "es"), (Kind::Midpoint, "fr"), (Kind::Aftercare, "EN")] {
            let rule = light.rules.iter_mut().find(|rule| rule.kind == kind).unwrap();
            rule.texts.push(Text { language: language.into(), ..rule.texts[0].clone() });
        }
        policies.of_packages.push((PackageId(uuid::Uuid::from_u128(1)), light));
        // The midpoint of that package is not sent.
        assert_eq!(policies.languages(), ["en", "es"]);
    }

    #[test]
    fn policies_of_before_are_read_and_close_nothing() {
        let mut kept = serde_json::to_value(Policies::standard()).unwrap();
        kept.as_object_mut().unwrap().remove("closing");
        assert_eq!(serde_json::from_value::<Policies>(kept).unwrap(), Policies::standard());
    }

    #[test]
    fn two_policies_of_a_package_are_one_too_many() {
        let peel = PackageId(uuid::Uuid::from_u128(1));
        let twice = Policies { of_packages: vec![(peel, Policy::light()), (peel, Policy::standard())], ..Policies::standard() };
        assert_eq!(twice.faults(), ["One package has two policies."]);
        assert!(Policies::standard().faults().is_empty());
        let wrong = Closing { review_link: "http://example.com".into(), ..Closing::default() };
        assert_eq!(Policies { closing: wrong, ..Policies::standard() }.faults().len(), 1);
    }

    #[test]
    fn a_package_has_its_own_policy_or_the_usual() {
        let peel = PackageId(uuid::Uuid::from_u128(1));
        let policies = Policies { of_packages: vec![(peel, Policy::light())], ..Policies::standard() };
        assert_eq!(policies.of(peel), &Policy::light());
        assert_eq!(policies.of(PackageId(uuid::Uuid::from_u128(2))), &Policy::standard());
    }
}
