//! Consents read back, and consents nobody would write.

use super::*;

const STROKES: &[&[(u16, u16)]] = &[&[(60, 300), (120, 120), (180, 290), (260, 180), (330, 260)], &[(700, 90)]];

fn ink() -> Vec<Vec<(u16, u16)>> {
    STROKES.iter().map(|stroke| stroke.to_vec()).collect()
}

fn consent<'a>(text: &'a str, ink: &'a [Vec<(u16, u16)>]) -> Document<'a> {
    Document {
        clinic: "Harbour Skin & Laser",
        title: "Consent to laser hair removal",
        version: 3,
        about: vec![("Client", "Zofia Łukasiewicz".to_owned()), ("Born", "4 Mar 1991".to_owned())],
        sections: vec![("What happens", text), ("Aftercare", "Keep out of the sun.\n- Use SPF 50.\n- Drink water.")],
        agreed: vec!["My photographs may be kept with my treatment record.".to_owned()],
        ink,
        signer: "Zofia Łukasiewicz",
        signed_at: "22 Nov 2026, 09:41 (America/Chicago)",
        language: "en",
    }
}

fn pages(bytes: &[u8]) -> usize {
    let kind = b"/Type/Page/";
    bytes.windows(kind.len()).filter(|window| window == kind).count()
}

/// The text of the pages, with every run of blanks as one space.
fn text(bytes: &[u8]) -> String {
    let file = lopdf::Document::load_mem(bytes).unwrap();
    let numbers: Vec<u32> = file.get_pages().into_keys().collect();
    let text = file.extract_text(&numbers).unwrap();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_same_consent_gives_the_same_bytes() {
    let ink = ink();
    let consent = consent("Light warms the root of the hair.", &ink);
    assert_eq!(render(&consent).unwrap(), render(&consent).unwrap());
}

#[test]
fn another_signature_gives_other_bytes() {
    let (one, two) = (ink(), vec![vec![(10, 10), (900, 300)]]);
    assert_ne!(render(&consent("Light.", &one)).unwrap(), render(&consent("Light.", &two)).unwrap());
}

#[test]
fn a_short_consent_is_one_page_and_a_long_one_several() {
    let long = "Redness and swelling are common and pass within two days.\n".repeat(150);
    let ink = ink();
    assert_eq!(pages(&render(&consent("Short.", &ink)).unwrap()), 1);
    assert!(pages(&render(&consent(&long, &ink)).unwrap()) > 3);
}

#[test]
fn the_words_can_be_read_back() {
    let ink = ink();
    let words = "Η θεραπεία με λέιζερ. Лазерная эпиляция. Điều trị bằng tia laser.";
    let read = text(&render(&consent(words, &ink)).unwrap());
    for expected in [
        "Harbour Skin & Laser",
        "Consent to laser hair removal",
        "Client Zofia Łukasiewicz",
        words,
        "- Use SPF 50.",
        "22 Nov 2026, 09:41 (America/Chicago)",
        "page 1 of 1",
    ] {
        assert!(read.contains(expected), "{expected} is not in: {read}");
    }
}

#[test]
fn no_word_is_lost_where_lines_break() {
    let ink = ink();
    let words: Vec<String> = (0..900).map(|n| format!("word{n}")).collect();
    let words = words.join(" ");
    let read = text(&render(&consent(&words, &ink)).unwrap());
    let missing = words.split(' ').find(|word| !read.split(' ').any(|other| other == *word));
    assert_eq!(missing, None);
}

#[test]
fn lines_fit_the_measure_and_hold_the_whole_text() {
    let faces = Faces::read().unwrap();
    let style = font::Style { weight: font::Weight::Regular, size: 10.0, leading: 15.0, shade: [0; 3] };
    let text = format!("A short start, 王小明, then {} and a — quiet — end: naïve, office, Łódź.", "endless".repeat(80));
    let lines = lines::set(&faces, style, &text, 200.0);
    let mut ranges: Vec<_> = lines.iter().flat_map(|line| line.glyphs.iter().map(|glyph| glyph.text_range.clone())).collect();
    ranges.dedup();
    assert_eq!(ranges.into_iter().map(|range| &text[range]).collect::<String>(), text);
    assert!(lines.iter().all(|line| line.width() < 200.0 + 3.0), "only a space may hang over");
}

#[test]
fn nothing_written_can_make_it_fail() {
    let absurd = [
        String::new(),
        "x".repeat(10_000),
        "漢".repeat(3_000),
        "王小明 👩‍⚕️🏳️‍🌈 \u{0}\u{7}\t\r\u{1b}[31m \u{fffe}\u{feff}\u{202e}drow\u{202c} שלום مرحبا".to_owned(),
        "\u{301}\u{301}\u{200d}\u{ad}\u{2028}\u{2029}".to_owned(),
        "\n\n\n \n".to_owned(),
        "- \n• \n1. \n2.x".to_owned(),
        "CO₂ ‑ ✓ １２ H⁺".to_owned(),
    ];
    let inks = [vec![], vec![vec![]], vec![vec![(5, 5)]], vec![vec![(65_535, 65_535), (0, 0)]], vec![vec![(9, 9); 4]]];
    for (text, ink) in absurd.iter().zip(inks.iter().cycle()) {
        let document = Document {
            clinic: text,
            title: text,
            version: u32::MAX,
            about: vec![(text, text.clone()), ("Client", text.clone()), ("", String::new())],
            sections: vec![(text, text), ("", text), (text, "")],
            agreed: vec![text.clone(), String::new()],
            ink,
            signer: text,
            signed_at: text,
            language: text,
        };
        assert!(render(&document).unwrap().starts_with(b"%PDF-1.7"));
    }
}

#[test]
fn a_consent_that_says_nothing_is_still_a_page() {
    let nothing = Document {
        clinic: "",
        title: "",
        version: 0,
        about: vec![],
        sections: vec![],
        agreed: vec![],
        ink: &[],
        signer: "",
        signed_at: "",
        language: "",
    };
    assert_eq!(pages(&render(&nothing).unwrap()), 1);
}

#[test]
fn no_heading_ends_a_page_and_no_signature_stands_alone() {
    for paragraphs in 1..80 {
        let faces = Faces::read().unwrap();
        let (text, ink) = ("One line of text.\n".repeat(paragraphs), ink());
        let mut document = consent(&text, &ink);
        document.sections.rotate_left(paragraphs % 2);
        let mut composer = Composer::new(&faces);
        composer.opening(&document);
        composer.sections(&document);
        composer.agreed(&document.agreed);
        composer.signature(&document);
        let pages = page::paginate(composer.finish().0);
        assert!(pages.iter().all(|page| page.last().is_some_and(|(_, row)| !row.keep)), "{paragraphs} paragraphs");
        assert!(pages.iter().flatten().all(|(top, row)| top + row.height <= page::BOTTOM), "{paragraphs} paragraphs");
    }
}

#[test]
fn what_goes_wrong_can_cross_threads() {
    fn sound<T: Send + Sync + 'static>() {}
    sound::<PdfError>();
}
