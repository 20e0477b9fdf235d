//! What was written to the client, and the way to her own pages. Read from the server: without a network it is not there.

use crate::{
    api::{
        self, ApiError,
        messages::{CameBack, Correspondence, MessageChoices, ReceivedMessage, SentMessage},
    },
    icon::Icon,
    problem::Problem,
    words,
    workspace::use_workspace,
};
use domain::{follow_up::language::own_name, ids::ClientId};
use leptos::{prelude::*, task::spawn_local};

/// Folded until somebody asks: most who open this page do not.
#[component]
pub fn Messages(
    client: ClientId,
    /// Told to whoever shows the addresses.
    came_back: RwSignal<Vec<CameBack>>,
) -> impl IntoView {
    let known = RwSignal::new(None::<Correspondence>);
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let ask = move |what: Ask| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = match what {
                Ask::Show => api::client_messages(client).await,
                Ask::Invite => api::invite_client(client).await,
                Ask::WriteIn(language) => api::client_language(client, language).await,
            };
            match answer {
                Ok(found) => {
                    came_back.try_set(found.came_back.clone());
                    known.try_set(Some(found));
                }
                Err(ApiError::Unreachable) => {
                    problem.try_set(Some("Messages can be read and written while the clinic’s server can be reached.".to_owned()));
                }
                Err(error) => {
                    problem.try_set(Some(error.to_string()));
                }
            }
            busy.try_set(false);
        });
    };
    let write_in = Callback::new(move |language| ask(Ask::WriteIn(language)));
    view! {
        <section class="sec" aria-labelledby="messages-h">
            <div class="sec-head">
                <h2 id="messages-h">"Messages"</h2>
            </div>
            <div class="btn-row">
                <Show when=move || known.with(Option::is_none)>
                    <button class="btn quiet" type="button" aria-disabled=move || busy.get().to_string() on:click=move |_| ask(Ask::Show)>
                        <Icon name="list" />
                        "Show messages"
                    </button>
                </Show>
                <button class="btn quiet" type="button" aria-disabled=move || busy.get().to_string() on:click=move |_| ask(Ask::Invite)>
                    <Icon name="share" />
                    "Invite to own pages"
                </button>
            </div>
            <Problem words=problem />
            <div role="status">{move || known.get().map(|known| view! { <Known known write_in /> })}</div>
        </section>
    }
}

/// What the server is asked for; it answers with everything there is.
enum Ask {
    Show,
    Invite,
    /// From now on in that language; `None`: in the clinic's own.
    WriteIn(Option<String>),
}

#[component]
fn Known(known: Correspondence, write_in: Callback<Option<String>>) -> impl IntoView {
    let workspace = use_workspace();
    let Correspondence { choices, messages, received, stopped, languages, came_back } = known;
    let none = messages.is_empty() && received.is_empty();
    let line = move |message: SentMessage| {
        let SentMessage { channel, to, text, at, by, travel } = message;
        let by = by.zip(workspace.catalogue()).map(|(by, catalogue)| format!(", by {}", catalogue.staff_name(by)));
        let when = workspace.catalogue().map(|catalogue| words::moment(&catalogue.clock, at));
        view! {
            <li class="card">
                <p class="soft small num">{when} {by} " · " {channel.label()} " to " {to} " · " {travel.label()}</p>
                <p>{text}</p>
            </li>
        }
        .into_any()
    };
    let reply = move |message: ReceivedMessage| {
        let ReceivedMessage { channel, from, text, at, stops, worried } = message;
        let when = workspace.catalogue().map(|catalogue| words::moment(&catalogue.clock, at));
        view! {
            <li class="card">
                <p class="soft small num">
                    {when} " · from the client, " {channel.label()} " from " {from} {stops.then_some(" · asks to stop")}
                    {worried.then_some(" · something worries the client")}
                </p>
                <p>{text}</p>
            </li>
        }
        .into_any()
    };
    // Both in one list, by time.
    let sent = messages.into_iter().map(|message| (message.at, line(message)));
    let mut lines: Vec<_> = sent.chain(received.into_iter().map(|message| (message.at, reply(message)))).collect();
    lines.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    view! {
        {came_back.into_iter().map(|line| view! { <CameBackLine line /> }).collect_view()}
        <p class="soft small">{chosen(&choices)}</p>
        <p class="soft small">{manner(&choices)}</p>
        <WrittenIn languages chosen=choices.language write_in />
        {stopped.then(|| view! { <p class="soft small">"The client wrote STOP: no SMS, and nothing that promotes by any way."</p> })}
        {none.then(|| view! { <p class="soft">"Nothing was written to this client yet."</p> })}
        <ul>{lines.into_iter().map(|(_, line)| line).collect_view()}</ul>
    }
}

/// An address that is dead.
#[component]
fn CameBackLine(line: CameBack) -> impl IntoView {
    let workspace = use_workspace();
    let CameBack { channel, address, at, said } = line;
    let when = workspace.catalogue().map(|catalogue| words::moment(&catalogue.clock, at));
    view! {
        <p class="touch-head">
            <span class="chip is-warn">"Does not arrive"</span>
            <b>{format!("Messages to {address} come back.")}</b>
        </p>
        <p class="soft small">
            {format!("{}, last tried ", channel.label())} {when} {format!(": {said}. Nothing is sent there until the contact details are corrected.")}
        </p>
    }
}

/// In which language the client is written to, where the clinic writes in several.
#[component]
fn WrittenIn(languages: Vec<String>, chosen: Option<String>, write_in: Callback<Option<String>>) -> impl IntoView {
    let own = languages.first().cloned();
    let choose = move |event| {
        let language = event_target_value(&event);
        write_in.run(Some(language).filter(|language| own.as_ref() != Some(language)));
    };
    let option = |(n, tag): (usize, String)| {
        let selected = chosen.as_ref().map_or(n == 0, |chosen| chosen.eq_ignore_ascii_case(&tag));
        view! {
            <option value=tag.clone() selected=selected>
                {own_name(&tag)}
            </option>
        }
    };
    (languages.len() > 1).then(|| {
        view! {
            <div class="field">
                <label for="written-in">"Written to in"</label>
                <span class="select-box">
                    <select class="select" id="written-in" on:change=choose>
                        {languages.into_iter().enumerate().map(option).collect_view()}
                    </select>
                    <Icon name="down" />
                </span>
            </div>
        }
    })
}

/// `SMS say nothing of the treatment.`
fn manner(choices: &MessageChoices) -> String {
    let detail = if choices.detail_by_sms { "An SMS may say what is treated." } else { "SMS say nothing of the treatment." };
    let zone = choices.zone.as_ref().map(|zone| format!(" The client is in {}; the night there is kept.", zone.replace('_', " ")));
    format!("{detail}{}", zone.unwrap_or_default())
}

/// `The client allows reminders by e-mail and SMS; no offers.`
fn chosen(choices: &MessageChoices) -> String {
    let ways = |what: &str, email: bool, sms: bool| match (email, sms) {
        (true, true) => format!("{what} by e-mail and SMS"),
        (true, false) => format!("{what} by e-mail"),
        (false, true) => format!("{what} by SMS"),
        (false, false) => format!("no {what}"),
    };
    let reminders = ways("reminders", choices.email_reminders, choices.sms_reminders);
    let offers = ways("offers", choices.email_offers, choices.sms_offers);
    format!("The client allows {reminders}; {offers}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_client_allows_is_one_line() {
        assert_eq!(chosen(&MessageChoices::default()), "The client allows reminders by e-mail and SMS; no offers.");
        let some = MessageChoices { email_reminders: false, sms_reminders: false, email_offers: true, ..MessageChoices::default() };
        assert_eq!(chosen(&some), "The client allows no reminders; offers by e-mail.");
        assert_eq!(manner(&some), "SMS say nothing of the treatment.");
        let away = MessageChoices { detail_by_sms: true, zone: Some("America/New_York".into()), ..some };
        assert_eq!(manner(&away), "An SMS may say what is treated. The client is in America/New York; the night there is kept.");
    }
}
