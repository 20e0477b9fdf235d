//! A policy while it is typed: numbers are text until they are read. Plain data, tested without a browser.

use domain::follow_up::{
    closing::Next,
    kind::{Anchor, Kind, OffsetUnit},
    policy::{Channel, Policy, Rule, Text},
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// The package has a policy of its own. What is sent as usual always has.
    pub own: bool,
    /// Empty: a sixth of the interval.
    pub tolerance: String,
    /// `10:00`
    pub time: String,
    pub first: bool,
    /// One for each kind, in their order.
    pub rules: Vec<RuleDraft>,
    #[serde(default)]
    pub closing: ClosingDraft,
}

/// What a finished series ends in. It is the clinic's or the package's, whoever's policy holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingDraft {
    /// Of the whole clinic: it stands with what is sent as usual.
    pub review_link: String,
    /// Of one package.
    pub next: Option<Next>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleDraft {
    pub kind: Kind,
    pub on: bool,
    pub offset: String,
    pub way: Way,
    pub texts: Vec<Text>,
}

/// By what a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    SmsFirst,
    EmailFirst,
    Both,
    Sms,
    Email,
}

impl Way {
    pub const ALL: [Self; 5] = [Self::SmsFirst, Self::EmailFirst, Self::Both, Self::Sms, Self::Email];

    pub fn label(self) -> &'static str {
        match self {
            Self::SmsFirst => "SMS, else e-mail",
            Self::EmailFirst => "E-mail, else SMS",
            Self::Both => "SMS and e-mail",
            Self::Sms => "SMS only",
            Self::Email => "E-mail only",
        }
    }

    fn of(rule: &Rule) -> Self {
        match (rule.channels.as_slice(), rule.by_all) {
            ([Channel::Sms], _) => Self::Sms,
            ([Channel::Email], _) => Self::Email,
            ([_, _, ..], true) => Self::Both,
            ([Channel::Email, ..], false) => Self::EmailFirst,
            _ => Self::SmsFirst,
        }
    }

    pub fn channels(self) -> Vec<Channel> {
        match self {
            Self::SmsFirst | Self::Both => vec![Channel::Sms, Channel::Email],
            Self::EmailFirst => vec![Channel::Email, Channel::Sms],
            Self::Sms => vec![Channel::Sms],
            Self::Email => vec![Channel::Email],
        }
    }
}

impl Draft {
    pub fn of(policy: &Policy, own: bool) -> Self {
        let standard = Policy::standard();
        let rule = |kind: Kind| {
            // A kind that came with a newer version is not sent before somebody has looked at it.
            let kept = policy.rules.iter().find(|rule| rule.kind == kind).cloned();
            let rule =
                kept.or_else(|| standard.rules.iter().find(|rule| rule.kind == kind).map(|rule| Rule { on: false, ..rule.clone() }))?;
            Some(RuleDraft { kind, on: rule.on, offset: rule.offset.to_string(), way: Way::of(&rule), texts: rule.texts })
        };
        Self {
            own,
            tolerance: policy.tolerance_days.map(|days| days.to_string()).unwrap_or_default(),
            time: format!("{:02}:{:02}", policy.minute / 60, policy.minute % 60),
            first: policy.first_on_call_list,
            rules: Kind::ALL.into_iter().filter_map(rule).collect(),
            closing: ClosingDraft::default(),
        }
    }

    /// Says the same. What a package without its own would send does not matter.
    pub fn is_same(&self, other: &Self) -> bool {
        self.own == other.own && self.closing == other.closing && (!self.own || self == other)
    }

    pub fn rule(&self, kind: Kind) -> Option<&RuleDraft> {
        self.rules.iter().find(|rule| rule.kind == kind)
    }

    pub fn rule_mut(&mut self, kind: Kind) -> Option<&mut RuleDraft> {
        self.rules.iter_mut().find(|rule| rule.kind == kind)
    }

    /// As far as it can be read, and what is wrong with it in sentences that begin with the kind they are about.
    pub fn read(&self) -> (Policy, Vec<String>) {
        let mut faults = Vec::new();
        let tolerance_days = match self.tolerance.trim() {
            "" => None,
            typed => typed.parse().map_err(|_| faults.push("The tolerance is a number of days, or empty.".to_owned())).ok(),
        };
        let minute = read_time(&self.time).unwrap_or_else(|| {
            faults.push("The time of day is hours and minutes, such as 10:00.".to_owned());
            10 * 60
        });
        let rules = self.rules.iter().map(|rule| rule.read(&mut faults)).collect();
        let policy = Policy { tolerance_days, minute, first_on_call_list: self.first, rules };
        faults.extend(policy.faults());
        (policy, faults)
    }
}

impl RuleDraft {
    fn read(&self, faults: &mut Vec<String>) -> Rule {
        let timing = self.kind.timing();
        let offset = self.offset.trim().parse().unwrap_or_else(|_| {
            let unit = if timing.unit == OffsetUnit::Hours { "hours" } else { "days" };
            faults.push(format!("{}: the {unit} are a whole number.", self.kind.label()));
            timing.usual
        });
        let channels = if self.kind.is_message() { self.way.channels() } else { Vec::new() };
        let texts = if self.kind.is_message() { self.texts.clone() } else { Vec::new() };
        Rule { kind: self.kind, on: self.on, offset, channels, by_all: self.way == Way::Both, texts }
    }

    /// `7 days after the session · SMS, else e-mail`
    pub fn summary(&self) -> String {
        let timing = self.kind.timing();
        let when = match (timing.anchor, self.offset.trim()) {
            (Anchor::HalfInterval, _) => "after half the interval".to_owned(),
            (Anchor::Session, "0") => "when the session was signed".to_owned(),
            (_, offset) => format!("{offset} {}", timing.words()),
        };
        if self.kind.is_message() { format!("{when} · {}", self.way.label()) } else { when }
    }
}

/// `9:30`, `09:30`.
fn read_time(typed: &str) -> Option<u16> {
    let (hours, minutes) = typed.trim().split_once(':')?;
    let (hours, minutes) = (hours.parse::<u16>().ok()?, minutes.parse::<u16>().ok()?);
    (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
}

/// Sentences about one kind, without its name.
pub fn of_kind(faults: &[String], kind: Kind) -> Vec<String> {
    let prefix = format!("{}: ", kind.label());
    let sentence = |fault: &String| {
        let rest = fault.strip_prefix(&prefix)?;
        let mut chars = rest.chars();
        chars.next().map(|first| first.to_uppercase().collect::<String>() + chars.as_str())
    };
    faults.iter().filter_map(sentence).collect()
}

/// Sentences about the whole.
pub fn of_all(faults: &[String]) -> Vec<String> {
    let names_a_kind = |fault: &&String| Kind::ALL.into_iter().any(|kind| fault.starts_with(&format!("{}: ", kind.label())));
    faults.iter().filter(|fault| !names_a_kind(fault)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::follow_up::kind::Step;

    #[test]
    fn what_is_kept_reads_back_the_same() {
        for policy in [Policy::standard(), Policy::light()] {
            let (read, faults) = Draft::of(&policy, true).read();
            assert_eq!((read, faults), (policy, vec![]));
        }
    }

    #[test]
    fn what_is_wrong_is_told_beside_what_it_is_about() {
        let mut draft = Draft::of(&Policy::standard(), true);
        draft.time = "half past".into();
        draft.tolerance = "0".into();
        draft.rule_mut(Kind::CheckIn).unwrap().offset = "soon".into();
        draft.rule_mut(Kind::Recovery(Step::Soft)).unwrap().offset = "9".into();
        draft.rule_mut(Kind::Midpoint).unwrap().texts[0].sms = "{{booking_link}}".into();
        let (_, faults) = draft.read();
        assert_eq!(of_kind(&faults, Kind::CheckIn), ["The days are a whole number."]);
        assert_eq!(of_kind(&faults, Kind::Recovery(Step::Soft)), ["Choose 1 to 4 days after the window was missed."]);
        assert_eq!(of_kind(&faults, Kind::Midpoint), ["{{booking_link}} cannot stand in the SMS. (en)"]);
        assert_eq!(of_all(&faults).len(), 2);
        assert_eq!(faults.len(), 5);
    }

    #[test]
    fn a_package_without_its_own_is_the_same_whatever_stands_there() {
        let (usual, light) = (Draft::of(&Policy::standard(), false), Draft::of(&Policy::light(), false));
        assert!(usual.is_same(&light));
        assert!(!usual.is_same(&Draft { own: true, ..usual.clone() }));
        // What comes after the package is its own all the same.
        let next = ClosingDraft { next: Some(Next::Words("Once a year".into())), ..ClosingDraft::default() };
        assert!(!usual.is_same(&Draft { closing: next, ..usual.clone() }));
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        assert_eq!([read_time("10:00"), read_time(" 9:05 "), read_time("24:00"), read_time("10")], [Some(600), Some(545), None, None]);
    }

    #[test]
    fn a_rule_is_summed_up_in_a_line() {
        let draft = Draft::of(&Policy::standard(), true);
        let summary = |kind| draft.rule(kind).unwrap().summary();
        assert_eq!(summary(Kind::CheckIn), "7 days after the session · SMS, else e-mail");
        assert_eq!(summary(Kind::Aftercare), "when the session was signed · E-mail, else SMS");
        assert_eq!(summary(Kind::Reminder), "48 hours before the session is due · SMS and e-mail");
        assert_eq!(summary(Kind::Flag), "21 days after the window was missed");
    }
}
