//! What was written to the client, and the way to her own pages. Read from the server: without a network it is not there.

use crate::{
    api::{
        self, ApiError,
        messages::{Correspondence, MessageChoices, ReceivedMessage, SentMessage},
    },
    icon::Icon,
    problem::Problem,
    words,
    workspace::use_workspace,
};
use domain::ids::ClientId;
use leptos::{prelude::*, task::spawn_local};

/// Folded until somebody asks: most who open this page do not.
#[component]
pub fn Messages(client: ClientId) -> impl IntoView {
    let known = RwSignal::new(None::<Correspondence>);
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let ask = move |invites: bool| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            let answer = if invites { api::invite_client(client).await } else { api::client_messages(client).await };
            match answer {
                Ok(found) => {
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
    view! {
        <section class="sec" aria-labelledby="messages-h">
            <div class="sec-head">
                <h2 id="messages-h">"Messages"</h2>
            </div>
            <div class="btn-row">
                <Show when=move || known.with(Option::is_none)>
                    <button class="btn quiet" type="button" aria-disabled=move || busy.get().to_string() on:click=move |_| ask(false)>
                        <Icon name="list" />
                        "Show messages"
                    </button>
                </Show>
                <button class="btn quiet" type="button" aria-disabled=move || busy.get().to_string() on:click=move |_| ask(true)>
                    <Icon name="share" />
                    "Invite to own pages"
                </button>
            </div>
            <Problem words=problem />
            <div role="status">{move || known.get().map(|known| view! { <Known known /> })}</div>
        </section>
    }
}

#[component]
fn Known(known: Correspondence) -> impl IntoView {
    let workspace = use_workspace();
    let Correspondence { choices, messages, received, stopped } = known;
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
        <p class="soft small">{chosen(choices)}</p>
        {stopped.then(|| view! { <p class="soft small">"The client wrote STOP: no SMS, and nothing that promotes by any way."</p> })}
        {none.then(|| view! { <p class="soft">"Nothing was written to this client yet."</p> })}
        <ul>{lines.into_iter().map(|(_, line)| line).collect_view()}</ul>
    }
}

/// `The client allows reminders by e-mail and SMS; no offers.`
fn chosen(choices: MessageChoices) -> String {
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
        assert_eq!(chosen(MessageChoices::default()), "The client allows reminders by e-mail and SMS; no offers.");
        let some = MessageChoices { email_reminders: false, sms_reminders: false, email_offers: true, sms_offers: false };
        assert_eq!(chosen(some), "The client allows no reminders; offers by e-mail.");
    }
}
