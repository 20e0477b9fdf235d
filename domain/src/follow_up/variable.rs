//! What a text may be filled with: `{{first_name}}` and the like, from a list that is closed.

use super::{kind::Kind, language};
use crate::time::Day;
use Variable::*;

/// Something of the client, her plan or the clinic that stands in a text by its code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Variable {
    FirstName,
    Clinic,
    Provider,
    Series,
    Areas,
    Session,
    NextSession,
    Sessions,
    Remaining,
    DueDate,
    Appointment,
    Times,
    BookingLink,
    Aftercare,
    AftercareLink,
    PhotosLink,
    ReviewLink,
    NextOffer,
    PageLink,
}

impl Variable {
    pub const ALL: [Self; 19] = [
        FirstName,
        Clinic,
        Provider,
        Series,
        Areas,
        Session,
        NextSession,
        Sessions,
        Remaining,
        DueDate,
        Appointment,
        Times,
        BookingLink,
        Aftercare,
        AftercareLink,
        PhotosLink,
        ReviewLink,
        NextOffer,
        PageLink,
    ];

    /// As it stands between the braces.
    pub fn code(self) -> &'static str {
        match self {
            FirstName => "first_name",
            Clinic => "clinic",
            Provider => "provider",
            Series => "series",
            Areas => "areas",
            Session => "session",
            NextSession => "next_session",
            Sessions => "sessions",
            Remaining => "remaining",
            DueDate => "due_date",
            Appointment => "appointment",
            Times => "times",
            BookingLink => "booking_link",
            Aftercare => "aftercare",
            AftercareLink => "aftercare_link",
            PhotosLink => "photos_link",
            ReviewLink => "review_link",
            NextOffer => "next_offer",
            PageLink => "page_link",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            FirstName => "First name",
            Clinic => "The clinic’s name",
            Provider => "Provider",
            Series => "What the series is",
            Areas => "Treated areas",
            Session => "Number of the session delivered last",
            NextSession => "Number of the next session",
            Sessions => "Sessions of the series",
            Remaining => "Sessions that remain",
            DueDate => "When the next session is due",
            Appointment => "Time of the appointment",
            Times => "Free times of the same provider",
            BookingLink => "Link that books in one tap",
            Aftercare => "Aftercare, from what was really done",
            AftercareLink => "Link to the aftercare",
            PhotosLink => "Link to the client’s first and latest photographs",
            ReviewLink => "Link to a review",
            NextOffer => "What could come next",
            PageLink => "Link to the client’s own pages, with the choice of messages",
        }
    }

    /// For the preview in a language.
    pub fn example_in(self, language: &str) -> String {
        let day = |day| Day(jiff::civil::date(2026, 12, day));
        let time = |date, at: &str| format!("{} {at}", language::heading(language, day(date)));
        match self {
            DueDate => language::date(language, day(3)),
            Appointment => format!("{}, 10:00", language::heading(language, day(3))),
            Times => [time(1, "10:00"), time(2, "14:30"), time(3, "09:15")].join(", "),
            Aftercare => format!("Calf L+R: …\n{}", language::care_after_all(language)),
            _ => self.example().to_owned(),
        }
    }

    /// In English.
    pub fn example(self) -> &'static str {
        match self {
            FirstName => "Maya",
            Clinic => "Harbour Skin",
            Provider => "A. Osei",
            Series => "Laser hair removal",
            Areas => "Calf L+R",
            Session => "2",
            NextSession => "3",
            Sessions => "6",
            Remaining => "4",
            DueDate => "3 December",
            Appointment => "Thu 3 Dec, 10:00",
            Times => "Tue 1 Dec 10:00, Wed 2 Dec 14:30, Thu 3 Dec 09:15",
            BookingLink => "https://clinic.example/b/4fKx9QmT2vLw",
            Aftercare => "Calf L+R: keep the skin cool today, no hot shower and no sport until tomorrow, sun protection for four weeks.",
            AftercareLink => "https://clinic.example/me/aftercare",
            PhotosLink => "https://clinic.example/me/photos",
            ReviewLink => "https://clinic.example/review",
            NextOffer => "Maintenance, one session every six months",
            PageLink => "https://clinic.example/me",
        }
    }

    /// Tells what is treated, or where. It leaves the clinic by SMS only when the client has agreed to that.
    pub fn is_treatment_detail(self) -> bool {
        matches!(self, Series | Areas | Aftercare | NextOffer)
    }

    /// What stands in an SMS of that language in its place while she has not agreed; `None`: its line is left out.
    pub fn discreet(self, language: &str) -> Option<&'static str> {
        match self {
            Series => language::your_treatment(language),
            _ => None,
        }
    }

    /// Whether a text of that kind may hold it: where nothing could stand, or where it would not belong, it is not offered.
    pub fn is_allowed(self, kind: Kind) -> bool {
        match self {
            FirstName | Clinic | Provider | Series | Sessions | PageLink => kind.is_message(),
            Session | Areas => matches!(kind, Kind::Aftercare | Kind::CheckIn | Kind::Midpoint | Kind::CloseOut),
            NextSession => matches!(kind, Kind::Midpoint | Kind::Appointment) || asks_for_booking(kind),
            Remaining => kind == Kind::Midpoint || asks_for_booking(kind),
            DueDate => kind == Kind::Midpoint || asks_for_booking(kind),
            Times | BookingLink => asks_for_booking(kind),
            PhotosLink => matches!(kind, Kind::Midpoint | Kind::CloseOut) || asks_for_booking(kind),
            Appointment => kind == Kind::Appointment,
            Aftercare | AftercareLink => matches!(kind, Kind::Aftercare | Kind::CheckIn),
            ReviewLink | NextOffer => kind == Kind::CloseOut,
        }
    }

    fn by_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variable| variable.code() == code)
    }
}

fn asks_for_booking(kind: Kind) -> bool {
    kind.is_nudge() && kind.is_message()
}

/// What stands between two pairs of braces in a text: a variable, or words that are none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Used {
    Known(Variable),
    Unknown(String),
}

/// All that stands between braces, in the order of the text. Braces that never close are an unknown one, too.
pub fn used(text: &str) -> Vec<Used> {
    let in_braces = |piece: Piece<'_>| match piece {
        Piece::Words(_) => None,
        Piece::Braces(code) => Some(Variable::by_code(code).map_or_else(|| Used::Unknown(code.to_owned()), Used::Known)),
    };
    pieces(text).into_iter().filter_map(in_braces).collect()
}

/// The text with its variables filled. A line with a variable that has no value is left out: there are no photographs yet, no times
/// are free. Empty lines are kept, but not two in a row.
pub fn fill(text: &str, value: impl Fn(Variable) -> Option<String>) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let piece = |piece: Piece<'_>| match piece {
            Piece::Words(words) => Some(words.to_owned()),
            Piece::Braces(code) => Variable::by_code(code).and_then(&value),
        };
        let Some(filled) = pieces(line).into_iter().map(piece).collect::<Option<String>>() else { continue };
        if !(filled.trim().is_empty() && lines.last().is_none_or(|before| before.trim().is_empty())) {
            lines.push(filled);
        }
    }
    lines.join("\n").trim_end().to_owned()
}

/// The same for an SMS: without her agreement nothing that tells what is treated.
pub fn fill_sms(text: &str, language: &str, detail_agreed: bool, value: impl Fn(Variable) -> Option<String>) -> String {
    let discreet = |variable: Variable| {
        if detail_agreed || !variable.is_treatment_detail() { value(variable) } else { variable.discreet(language).map(str::to_owned) }
    };
    fill(text, discreet)
}

enum Piece<'a> {
    Words(&'a str),
    Braces(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let (code, behind) = after.split_once("}}").unwrap_or((after, ""));
        pieces.push(Piece::Words(before));
        pieces.push(Piece::Braces(code.trim()));
        rest = behind;
    }
    pieces.push(Piece::Words(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn example(variable: Variable) -> Option<String> {
        Some(variable.example().to_owned())
    }

    #[test]
    fn variables_are_found_and_filled() {
        let text = "Hi {{ first_name }}, {{next_session}} of {{sessions}}. {{ name }} {{first_name";
        let unknown = |code: &str| Used::Unknown(code.to_owned());
        let known = Used::Known;
        // The last one never closes, and is taken for what it says.
        assert_eq!(used(text), [known(FirstName), known(NextSession), known(Sessions), unknown("name"), known(FirstName)]);
        assert_eq!(used("{{}} {{ a {{b}} } }"), [unknown(""), unknown("a {{b")]);
        assert_eq!(fill("Hi {{first_name}}, it is {{ next_session }}.", example), "Hi Maya, it is 3.");
        assert_eq!(fill("{ first_name }", example), "{ first_name }");
    }

    #[test]
    fn a_line_without_its_value_is_left_out() {
        let text = "Hi {{first_name}},\n\nYour photographs: {{photos_link}}\n\nSee you soon.\nFree: {{times}}";
        let none = |variable: Variable| (!matches!(variable, PhotosLink | Times)).then(|| variable.example().to_owned());
        assert_eq!(fill(text, none), "Hi Maya,\n\nSee you soon.");
        // A value never brings variables of its own.
        assert_eq!(fill("Hi {{first_name}}", |_| Some("{{clinic}}".to_owned())), "Hi {{clinic}}");
    }

    #[test]
    fn an_sms_is_discreet_unless_she_agreed() {
        let text = "{{series}} is due.\nAfterwards: {{aftercare}}\nBook: {{booking_link}}";
        assert_eq!(fill_sms(text, "en", false, example), "your treatment is due.\nBook: https://clinic.example/b/4fKx9QmT2vLw");
        assert!(fill_sms(text, "es", false, example).starts_with("su tratamiento"));
        // Where nobody here can say it, the line is left out.
        assert_eq!(fill_sms(text, "it", false, example), "Book: https://clinic.example/b/4fKx9QmT2vLw");
        assert!(fill_sms(text, "en", true, example).contains("Laser hair removal"));
    }

    #[test]
    fn an_example_is_written_in_its_language() {
        let of = |language: &str| [DueDate, Appointment].map(|variable| variable.example_in(language));
        assert_eq!(of("en"), [DueDate, Appointment].map(|variable| variable.example().to_owned()));
        assert_eq!(of("es"), ["3 de diciembre", "jue 3 dic, 10:00"]);
        assert_eq!(of("it"), ["2026-12-03", "2026-12-03, 10:00"]);
        assert_eq!(Times.example_in("en"), Times.example());
    }

    #[test]
    fn codes_are_unique_and_a_flag_has_no_text() {
        for (i, variable) in Variable::ALL.into_iter().enumerate() {
            assert!(Variable::ALL[i + 1..].iter().all(|other| other.code() != variable.code()));
            assert!(!variable.is_allowed(Kind::Flag), "{variable:?}");
            assert!(Kind::ALL.into_iter().any(|kind| variable.is_allowed(kind)), "{variable:?}");
        }
    }
}
