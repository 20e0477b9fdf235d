//! What a client writes back: STOP, START, something that worries her, or an ordinary word.
//!
//! Both mistakes cost something. Who asks to be left alone and is written to again has been ignored; who is in pain and is taken for
//! content has been, too. So words that plainly mean it are enough for the first, and any doubt is enough for the second.

/// What a reply says. It may ask to stop and be worried at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    pub wish: Option<Wish>,
    /// A provider should look at it now, and nothing that promotes is sent meanwhile.
    pub worried: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    Stop,
    Start,
}

/// The whole reply, as carriers know them.
const STOP_WORDS: [&str; 9] = ["stop", "stopall", "unsubscribe", "end", "quit", "cancel", "revoke", "optout", "stopp"];
const START_WORDS: [&str; 5] = ["start", "unstop", "subscribe", "optin", "resubscribe"];

/// Somewhere in the reply, words beside each other: they plainly mean it.
const STOP_PHRASES: [&str; 34] = [
    "stop texting",
    "stop messaging",
    "stop sending",
    "stop emailing",
    "stop mailing",
    "stop contacting",
    "stop writing",
    "stop bothering",
    "stop spamming",
    "stop these",
    "stop the messages",
    "stop the texts",
    "stop all",
    "stop it",
    "please stop",
    "stop please",
    "no more texts",
    "no more messages",
    "no more emails",
    "no more reminders",
    "do not text",
    "do not message",
    "do not contact",
    "do not email",
    "do not write",
    "never text",
    "never contact",
    "quit texting",
    "leave me alone",
    "unsubscribe",
    "remove me",
    "take me off",
    "opt out",
    "opt me out",
];

/// Beginnings of words that worry, in the plain words of people. `blist` finds blister, blisters and blistering.
const WORRIES: [&str; 50] = [
    "blist",
    "burn",
    "pain",
    "hurt",
    "sore",
    "swell",
    "swoll",
    "infect",
    "pus",
    "fever",
    "ooz",
    "weep",
    "bleed",
    "blood",
    "scab",
    "crust",
    "peel",
    "rash",
    "hive",
    "itch",
    "allerg",
    "reaction",
    "sting",
    "throb",
    "ulcer",
    "wound",
    "scar",
    "discol",
    "pigment",
    "grey",
    "gray",
    "dizz",
    "faint",
    "nausea",
    "vomit",
    "numb",
    "droop",
    "breath",
    "vision",
    "emergency",
    "hospital",
    "doctor",
    "worr",
    "concern",
    "scare",
    "wrong",
    "worse",
    "terrible",
    "awful",
    "unbearable",
];

/// Of these, denied or not, somebody should hear: "can't breathe", "no vision on the left".
const ALWAYS: [&str; 2] = ["breath", "vision"];

/// Words that begin so and mean something else.
const NO_WORRIES: [&str; 9] = ["scarf", "scarves", "painting", "paint", "painter", "scarlet", "greyhound", "burnish", "breathtaking"];

/// Longer ones, whatever else is said.
const WORRYING_PHRASES: [&str; 19] = [
    "not normal",
    "not ok",
    "not okay",
    "not good",
    "not great",
    "not right",
    "not well",
    "not healing",
    "not better",
    "not getting better",
    "not going away",
    "very red",
    "so red",
    "still red",
    "dark spot",
    "dark spots",
    "dark patch",
    "dark patches",
    "call me",
];

/// Said before a worry these take it back.
const NEGATIONS: [&str; 8] = ["no", "not", "without", "never", "zero", "nor", "neither", "none"];

/// A negation reaches so many words far: "no sign of any blisters".
const REACH: usize = 4;

/// Between a negation and a worry they begin something new ("no blisters but it burns"), or leave it open ("not sure if infected").
const TURNS: [&str; 28] = [
    "but", "however", "though", "although", "except", "yet", "only", "just", "still", "and", "it", "its", "my", "i", "im", "there", "now",
    "since", "some", "sure", "if", "know", "whether", "think", "because", "when", "than", "doubt",
];

/// Denied are these, and the worry behind them is not: "I cannot sleep from the pain", "it does not stop hurting".
const EASE: [&str; 6] = ["sleep", "stand", "bear", "touch", "stop", "walk"];

/// They carry a negation on: "no pain or swelling".
const LINKS: [&str; 4] = ["or", "nor", "any", ","];

/// Reads a reply.
pub fn read(text: &str) -> Reply {
    let words = words(text);
    Reply { wish: wish(&words), worried: is_worried(&words) }
}

fn wish(words: &[String]) -> Option<Wish> {
    // Carriers act on a single word; "stop." and "STOP STOP" mean the same.
    let plain: Vec<_> =
        words.iter().map(String::as_str).filter(|word| !["please", "thanks", "thank", "you", ",", BREAK].contains(word)).collect();
    let whole = plain.concat();
    let is_only = |known: &[&str]| known.contains(&whole.as_str()) || (!plain.is_empty() && plain.iter().all(|word| known.contains(word)));
    if is_only(&STOP_WORDS) {
        return Some(Wish::Stop);
    }
    if is_only(&START_WORDS) {
        return Some(Wish::Start);
    }
    let stops = STOP_PHRASES.iter().any(|phrase| positions(words, phrase).next().is_some_and(|at| !denied(words, at)));
    // "STOP. I found another clinic."
    let first = words.first().is_some_and(|word| ["stop", "stopall", "unsubscribe"].contains(&word.as_str()));
    let alone = first && words.get(1).is_some_and(|word| word == BREAK || word == ",");
    (stops || alone).then_some(Wish::Stop)
}

/// "Please don't stop" asks for the contrary.
fn denied(words: &[String], at: usize) -> bool {
    let stop = words[at..].iter().take(2).position(|word| word == "stop").map(|place| at + place);
    stop.and_then(|stop| stop.checked_sub(1)).is_some_and(|before| NEGATIONS.contains(&words[before].as_str()))
}

fn is_worried(words: &[String]) -> bool {
    let phrase = WORRYING_PHRASES.iter().any(|phrase| positions(words, phrase).next().is_some());
    let always = |word: &str| ALWAYS.iter().any(|worry| word.starts_with(worry));
    phrase || (0..words.len()).any(|at| is_worry(&words[at]) && (always(&words[at]) || !is_negated(words, at)))
}

fn is_worry(word: &str) -> bool {
    WORRIES.iter().any(|worry| word.starts_with(worry)) && !NO_WORRIES.contains(&word)
}

/// A negation stands shortly before, in the same breath; or right behind: "pain: none".
fn is_negated(words: &[String], at: usize) -> bool {
    let behind = words[at + 1..].iter().find(|word| *word != BREAK).is_some_and(|word| ["none", "free"].contains(&word.as_str()));
    if behind {
        return true;
    }
    for before in (at.saturating_sub(REACH)..at).rev() {
        let word = words[before].as_str();
        if NEGATIONS.contains(&word) {
            return true;
        }
        if word == BREAK || TURNS.contains(&word) || EASE.contains(&word) {
            return false;
        }
        if is_worry(word) {
            // Denied with the one before it, as in a list, or not at all.
            return words[before + 1..at].iter().all(|between| LINKS.contains(&between.as_str()))
                && before + 1 < at
                && is_negated(words, before);
        }
    }
    false
}

/// Stands for a full stop, a comma, a new line: what was denied before it says nothing about what follows.
const BREAK: &str = ".";

/// Lower case, apostrophes gone and short forms long ("don't" is "do not"), with [`BREAK`] where a sentence or a part of it ends.
fn words(text: &str) -> Vec<String> {
    let text = text.to_lowercase().replace(['’', '‘', '`'], "'");
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let finish = |word: &mut String, words: &mut Vec<String>| {
        match word.trim_matches('\'') {
            "" => {}
            "don't" | "dont" => words.extend(["do", "not"].map(str::to_owned)),
            "can't" | "cant" | "cannot" => words.extend(["can", "not"].map(str::to_owned)),
            "nothing" | "no-one" => words.extend(["no", "thing"].map(str::to_owned)),
            short if short.ends_with("n't") => words.extend([short.trim_end_matches("n't").to_owned(), "not".to_owned()]),
            whole if ["isnt", "doesnt", "didnt", "wasnt", "havent", "hasnt", "arent"].contains(&whole) => {
                words.extend([whole.trim_end_matches("nt").to_owned(), "not".to_owned()]);
            }
            plain => words.push(plain.replace('\'', "")),
        }
        word.clear();
    };
    for c in text.chars() {
        if c.is_alphanumeric() || c == '\'' {
            word.push(c);
            continue;
        }
        finish(&mut word, &mut words);
        let Some(last) = words.last().filter(|last| *last != BREAK) else { continue };
        // "No, blisters" is an answer. Other commas stand in lists, too: "no pain, swelling or fever".
        let answers = matches!(c, ',' | '-' | '–' | '—') && NEGATIONS.contains(&last.as_str());
        if matches!(c, '.' | '!' | '?' | ';' | ':' | '\n' | '(' | '…') || answers {
            words.push(BREAK.to_owned());
        } else if c == ',' && last != "," {
            words.push(c.to_string());
        }
    }
    finish(&mut word, &mut words);
    words
}

/// Where the words of a phrase stand beside each other.
fn positions<'a>(words: &'a [String], phrase: &'a str) -> impl Iterator<Item = usize> + 'a {
    let phrase: Vec<_> = phrase.split(' ').collect();
    (0..words.len())
        .filter(move |at| words[*at..].len() >= phrase.len() && words[*at..].iter().zip(&phrase).all(|(word, wanted)| word == wanted))
}

#[cfg(test)]
mod tests;
