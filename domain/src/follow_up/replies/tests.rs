use super::*;
use proptest::prelude::*;

#[test]
fn stop_is_obeyed_in_every_word_that_means_it() {
    for text in [
        "STOP",
        "stop",
        " Stop. ",
        "STOP!",
        "Stop stop",
        "STOPALL",
        "stop all",
        "UNSUBSCRIBE",
        "Unsubscribe me please",
        "END",
        "QUIT",
        "CANCEL",
        "REVOKE",
        "OPTOUT",
        "opt out",
        "opt-out",
        "Please stop",
        "stop please",
        "please stop texting me",
        "Stop texting me!!!",
        "stop sending me these",
        "could you stop messaging me",
        "I want you to stop emailing me",
        "Don't text me again",
        "don’t text me again",
        "dont text me",
        "Do not contact me any more",
        "no more texts please",
        "No more messages!",
        "Leave me alone",
        "Take me off your list",
        "please remove me from this list",
        "STOP. I found another clinic",
        "Stop\nThank you",
        "STOP thanks",
        "“STOP”",
    ] {
        assert_eq!(read(text).wish, Some(Wish::Stop), "{text}");
    }
}

#[test]
fn what_only_sounds_like_stop_is_none() {
    for text in [
        "Can I cancel my appointment on Friday?",
        "I need to cancel",
        "My legs never stop growing hair haha",
        "At the end it was fine",
        "Please don't stop, I love the reminders",
        "Don't stop texting me, it helps",
        "I'll stop by on Tuesday",
        "it did not stop hurting",
        "When does it end?",
        "Yes",
        "",
        "ok thank you",
        "bus stop",
    ] {
        assert_ne!(read(text).wish, Some(Wish::Stop), "{text}");
    }
}

#[test]
fn start_begins_again() {
    for text in ["START", "start please", "UNSTOP", "opt in", "Subscribe"] {
        assert_eq!(read(text).wish, Some(Wish::Start), "{text}");
    }
    for text in ["when do we start?", "I start work at nine", "yes"] {
        assert_eq!(read(text).wish, None, "{text}");
    }
}

#[test]
fn a_worried_reply_is_found() {
    for text in [
        "it's blistering",
        "I have blisters on my calf",
        "a blister",
        "Burning since last night",
        "it burns",
        "I think I got burned",
        "Pain",
        "it hurts",
        "quite painful",
        "swollen and hot",
        "my cheek is swelling",
        "looks infected",
        "there is pus",
        "I have a fever",
        "38.9 fever since yesterday",
        "it is oozing",
        "bleeding a bit",
        "crusting over",
        "bad rash",
        "it itches like mad",
        "is this a reaction?",
        "dark spots on my leg",
        "my skin turned grey",
        "feeling dizzy",
        "can't breathe well",
        "blurred vision",
        "I went to the hospital",
        "something is wrong",
        "getting worse",
        "I'm worried",
        "not ok",
        "It's not normal I think",
        "isn't healing... not healing at all",
        "it is still red",
        "please call me",
        // Denied is one thing, said the other.
        "no blisters but it burns",
        "no pain, but very swollen",
        "All good. Except for some blisters",
        "No blisters. Pain though",
        "not only red, blistering too",
        "I can't sleep from the pain",
        "can't stand the pain",
        "the pain does not go away",
        "It does not stop hurting",
        "no doubt it is infected",
        "good but a little sore",
        // Both.
        "STOP, it burns!",
        "stop texting me, I am in pain",
        // In doubt she is.
        "is it normal that it stings?",
        "No. It hurts",
        "No, blisters",
        "no pain and it burns",
        "not sure if infected",
        "no blisters yet, my leg is swollen",
        "no pain swelling",
        "I can not walk, pain",
    ] {
        assert!(read(text).worried, "{text}");
    }
}

#[test]
fn an_ordinary_reply_is_ordinary() {
    for text in [
        "all good, no blisters",
        "All good!",
        "No pain at all",
        "no pain, no blisters, no swelling",
        "no redness or swelling",
        "no pain or swelling or fever",
        "Zero pain",
        "without any pain",
        "I have no blisters and no burning",
        "it doesn't hurt",
        "doesn’t hurt",
        "doesnt hurt any more",
        "It isn't sore",
        "never hurt",
        "haven't had any swelling",
        "neither pain nor swelling",
        "Pain: none",
        "pain-free",
        "no pain, swelling, or fever",
        "no pain, fever, blisters or anything",
        "not worried",
        "nothing wrong",
        "no sign of any blisters",
        "Thank you, skin feels great",
        "Yes",
        "see you Thursday",
        "love it",
        "👍",
        "",
        "I was painting the house, all fine",
        "a little pink yesterday, gone today",
        "STOP",
    ] {
        assert!(!read(text).worried, "{text}");
    }
}

#[test]
fn one_reply_can_say_both() {
    assert_eq!(read("STOP. It hurts"), Reply { wish: Some(Wish::Stop), worried: true });
    assert_eq!(read("fine"), Reply::default());
}

proptest! {
    /// Whatever is written, it is read; and a worry that stands by itself is found whatever stands in other sentences.
    #[test]
    fn a_worry_in_a_sentence_of_its_own_is_found(before in "[a-z ]{0,30}", after in ".{0,30}", worry in prop::sample::select(&WORRIES[..])) {
        let text = format!("{before}. {worry} {after}");
        prop_assume!(words(&after).iter().find(|word| *word != BREAK).is_none_or(|word| word != "none" && word != "free"));
        prop_assert!(read(&text).worried, "{}", text);
    }
}
