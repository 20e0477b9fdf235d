//! Which messages she wants, in which language, when, and what an SMS may say.

use super::{CHOICES, frame::Frame};
use crate::api::messages::MessageChoices;
use domain::follow_up::language::own_name;
use leptos::prelude::*;

/// What she can choose, and what she has chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ToChoose {
    pub clinic: String,
    /// In which the clinic writes, by their tags; its own first.
    pub languages: Vec<String>,
    /// Where the clinic is, by its IANA name.
    pub zone: String,
    /// All there are, in their order.
    pub zones: Vec<String>,
    pub choices: MessageChoices,
}

/// `New York`, and the part of the world it lies in.
fn place(zone: &str) -> (String, String) {
    let (region, place) = zone.split_once('/').unwrap_or(("", zone));
    (region.replace('_', " "), place.replace('/', ": ").replace('_', " "))
}

#[component]
pub fn MessagesPage(to_choose: ToChoose) -> impl IntoView {
    let ToChoose { clinic, languages, zone, zones, choices } = to_choose;
    let tick = |name: &'static str, words: &'static str, on: bool| {
        view! {
            <label class="tick">
                <input type="checkbox" name=name value="on" checked=on />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <Frame clinic back=true>
            <h1>"Messages to me"</h1>
            <form method="post" action=CHOICES>
                <section class="card">
                    <h2>"What I want"</h2>
                    {tick("email_reminders", "Reminders by e-mail", choices.email_reminders)}
                    {tick("sms_reminders", "Reminders by SMS", choices.sms_reminders)}
                    {tick("email_offers", "Offers by e-mail", choices.email_offers)}
                    {tick("sms_offers", "Offers by SMS", choices.sms_offers)}
                </section>
                <Languages languages chosen=choices.language />
                <section class="card">
                    <h2>"What an SMS may say"</h2>
                    <p class="soft">
                        "Whoever sees your telephone can read an SMS. Unless you allow it here, ours never say what is treated, or where."
                    </p>
                    {tick("detail_by_sms", "An SMS may say what is treated", choices.detail_by_sms)}
                </section>
                <Zones zone zones chosen=choices.zone />
                <button class="main" type="submit">
                    "Save"
                </button>
            </form>
        </Frame>
    }
}

/// Where there is only one, there is nothing to choose.
#[component]
fn Languages(languages: Vec<String>, chosen: Option<String>) -> impl IntoView {
    let option = |(n, tag): (usize, String)| {
        // The clinic's own is what holds without a choice.
        let selected = chosen.as_ref().map_or(n == 0, |chosen| chosen.eq_ignore_ascii_case(&tag));
        view! {
            <option value=tag.clone() lang=tag.clone() selected=selected>
                {own_name(&tag)}
            </option>
        }
    };
    (languages.len() > 1).then(|| {
        view! {
            <section class="card">
                <h2>
                    <label for="language">"Language"</label>
                </h2>
                <p class="soft">"What we write between your sessions comes in it, as far as the clinic has written it."</p>
                <select id="language" name="language">
                    {languages.into_iter().enumerate().map(option).collect_view()}
                </select>
            </section>
        }
    })
}

#[component]
fn Zones(zone: String, zones: Vec<String>, chosen: Option<String>) -> impl IntoView {
    let option = |zone: &String| {
        view! {
            <option value=zone.clone() selected=chosen.as_ref() == Some(zone)>
                {place(zone).1}
            </option>
        }
    };
    let regions = zones.chunk_by(|one, other| place(one).0 == place(other).0);
    let region = |zones: &[String]| {
        let name = zones.first().map(|zone| place(zone).0);
        view! { <optgroup label=name>{zones.iter().map(option).collect_view()}</optgroup> }
    };
    view! {
        <section class="card">
            <h2>
                <label for="zone">"Where I am"</label>
            </h2>
            <p class="soft">
                "From nine in the evening until eight in the morning there, nothing comes but how to look after your skin right after a visit. \
                 Times of appointments are always the clinic’s."
            </p>
            <select id="zone" name="zone">
                <option value="" selected=chosen.is_none()>
                    {format!("Where the clinic is ({})", place(&zone).1)}
                </option>
                {regions.map(region).collect_view()}
            </select>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_named_as_people_say_them() {
        let pair = |zone: &str| {
            let (region, place) = place(zone);
            format!("{region} | {place}")
        };
        assert_eq!(
            ["America/New_York", "America/Argentina/Buenos_Aires", "UTC"].map(pair),
            ["America | New York", "America | Argentina: Buenos Aires", " | UTC"]
        );
    }
}
