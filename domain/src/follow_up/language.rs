//! The languages of texts, by their tags (`en`, `es-MX`): what they call themselves, and what stands in a message that the clinic has not
//! written itself. For English, Spanish, German, French and Portuguese that is said here; in any other a date is its number.

use crate::time::Day;

/// How a language writes what is put into a text.
struct Words {
    tag: &'static str,
    months: [&'static str; 12],
    /// Short, as beside a time.
    short_months: [&'static str; 12],
    /// From Monday on, short.
    days: [&'static str; 7],
    /// Between day and month, in a sentence.
    date: fn(i8, &str) -> String,
    your_treatment: &'static str,
    care: &'static str,
}

/// Own translations of one careful sentence. Some letters (á, í, û, ç) are not in the alphabet of an SMS and make it dearer; they are
/// spelt as they should be.
const WRITTEN: [Words; 5] = [
    Words {
        tag: "en",
        months: ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
        short_months: ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        days: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
        date: |day, month| format!("{day} {month}"),
        your_treatment: "your treatment",
        care: "Keep the skin cool and clean today. No hot shower, sauna or sport until tomorrow, and sun protection every day.",
    },
    Words {
        tag: "es",
        months: [
            "enero",
            "febrero",
            "marzo",
            "abril",
            "mayo",
            "junio",
            "julio",
            "agosto",
            "septiembre",
            "octubre",
            "noviembre",
            "diciembre",
        ],
        short_months: ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"],
        days: ["lun", "mar", "mié", "jue", "vie", "sáb", "dom"],
        date: |day, month| format!("{day} de {month}"),
        your_treatment: "su tratamiento",
        care: "Hoy, mantenga la piel fresca y limpia. Nada de ducha caliente, sauna ni deporte hasta mañana, y protección solar todos los días.",
    },
    Words {
        tag: "de",
        months: ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"],
        short_months: ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."],
        days: ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"],
        date: |day, month| format!("{day}. {month}"),
        your_treatment: "Ihre Behandlung",
        care: "Halten Sie die Haut heute kühl und sauber. Bis morgen keine heiße Dusche, keine Sauna, kein Sport, und jeden Tag Sonnenschutz.",
    },
    Words {
        tag: "fr",
        months: ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"],
        short_months: ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
        days: ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."],
        date: |day, month| if day == 1 { format!("1er {month}") } else { format!("{day} {month}") },
        your_treatment: "votre traitement",
        care: "Gardez la peau fraîche et propre aujourd’hui. Pas de douche chaude, de sauna ni de sport jusqu’à demain, et une protection \
               solaire chaque jour.",
    },
    Words {
        tag: "pt",
        months: [
            "janeiro",
            "fevereiro",
            "março",
            "abril",
            "maio",
            "junho",
            "julho",
            "agosto",
            "setembro",
            "outubro",
            "novembro",
            "dezembro",
        ],
        short_months: ["jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago", "set", "out", "nov", "dez"],
        days: ["seg", "ter", "qua", "qui", "sex", "sáb", "dom"],
        date: |day, month| format!("{day} de {month}"),
        your_treatment: "o seu tratamento",
        care: "Mantenha a pele fresca e limpa hoje. Nada de banho quente, sauna ou esporte até amanhã, e proteção solar todos os dias.",
    },
];

/// What languages call themselves, where people choose one.
const NAMES: [(&str, &str); 24] = [
    ("en", "English"),
    ("es", "Español"),
    ("de", "Deutsch"),
    ("fr", "Français"),
    ("pt", "Português"),
    ("ar", "العربية"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("el", "Ελληνικά"),
    ("fa", "فارسی"),
    ("he", "עברית"),
    ("hi", "हिन्दी"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("ru", "Русский"),
    ("sv", "Svenska"),
    ("tl", "Tagalog"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("vi", "Tiếng Việt"),
    ("zh", "中文"),
];

/// `es` of `es-MX`.
pub fn main_part(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

fn words(tag: &str) -> Option<&'static Words> {
    WRITTEN.iter().find(|words| words.tag.eq_ignore_ascii_case(main_part(tag)))
}

/// Whether dates are written in it; in any other they are numbers.
pub fn writes_dates(tag: &str) -> bool {
    words(tag).is_some()
}

/// `Español`, `Español (MX)`; its tag where nobody here knows it.
pub fn own_name(tag: &str) -> String {
    let name = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(main_part(tag))).map(|(_, name)| *name);
    match (name, tag.split_once('-')) {
        (Some(name), Some((_, region))) => format!("{name} ({})", region.to_uppercase()),
        (Some(name), None) => name.to_owned(),
        (None, _) => tag.to_owned(),
    }
}

/// `3 December`, `3 de diciembre`; `2026-12-03`. As it stands in a sentence.
pub fn date(tag: &str, day: Day) -> String {
    words(tag).map_or_else(|| day.to_string(), |words| (words.date)(day.0.day(), words.months[month(day)]))
}

/// `Thu 3 Dec`, `Do 3. Dez.`; `2026-12-03`. As it stands beside a time.
pub fn heading(tag: &str, day: Day) -> String {
    let Some(words) = words(tag) else { return day.to_string() };
    let dot = if words.tag == "de" { "." } else { "" };
    format!("{} {}{dot} {}", words.days[day.weekday()], day.0.day(), words.short_months[month(day)])
}

fn month(day: Day) -> usize {
    usize::try_from(day.0.month() - 1).unwrap_or_default()
}

/// What stands in an SMS in place of what is treated; `None`: nobody here can say it in that language.
pub fn your_treatment(tag: &str) -> Option<&'static str> {
    words(tag).map(|words| words.your_treatment)
}

/// What holds after every treatment with light or heat, whatever its settings were: on the careful side, until the clinic writes its own
/// for each package. In English where nobody here can say it in that language: rather that than nothing.
pub fn care_after_all(tag: &str) -> &'static str {
    words(tag).unwrap_or(&WRITTEN[0]).care
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::follow_up::tests::day;

    #[test]
    fn dates_are_written_in_five_languages_and_are_numbers_in_others() {
        let (third, first) = (day("2026-12-03"), day("2027-03-01"));
        for (tag, wanted) in [
            ("en", ["3 December", "1 March", "Thu 3 Dec"]),
            ("es-MX", ["3 de diciembre", "1 de marzo", "jue 3 dic"]),
            ("DE", ["3. Dezember", "1. März", "Do 3. Dez."]),
            ("fr", ["3 décembre", "1er mars", "jeu. 3 déc."]),
            ("pt-BR", ["3 de dezembro", "1 de março", "qui 3 dez"]),
            ("it", ["2026-12-03", "2027-03-01", "2026-12-03"]),
            ("", ["2026-12-03", "2027-03-01", "2026-12-03"]),
        ] {
            assert_eq!([date(tag, third), date(tag, first), heading(tag, third)], wanted, "{tag}");
        }
        assert!(writes_dates("es-MX") && !writes_dates("it") && !writes_dates("esp"));
    }

    #[test]
    fn every_day_of_a_year_has_its_words() {
        for words in &WRITTEN {
            let days: std::collections::HashSet<_> = (0..365).map(|n| heading(words.tag, day("2027-01-01").plus(n))).collect();
            assert_eq!(days.len(), 365, "{}", words.tag);
        }
    }

    #[test]
    fn languages_are_called_by_their_own_names() {
        assert_eq!(["es", "es-mx", "PT", "gsw"].map(own_name), ["Español", "Español (MX)", "Português", "gsw"]);
    }

    #[test]
    fn what_is_treated_is_said_discreetly_where_it_can_be() {
        assert_eq!((your_treatment("es-MX"), your_treatment("it")), (Some("su tratamiento"), None));
        assert!(care_after_all("es").starts_with("Hoy") && care_after_all("it").starts_with("Keep"));
    }
}
