//! What a client was sent and will be, series by series, and why something was not. Read from the server: without a network it is
//! not there.

use crate::{
    api::{
        self, ApiError,
        follow_up::{FollowUpStep, FollowUpTouch, FollowUpTry},
        numbers::client_touches_csv,
    },
    icon::Icon,
    problem::Problem,
    words,
    workspace::use_workspace,
};
use domain::{
    catalogue::Catalogue,
    chart::Chart,
    follow_up::{
        kind::Kind,
        touch_state::{State, Why},
    },
    ids::ClientId,
};
use leptos::{prelude::*, task::spawn_local};

/// Folded until somebody asks: most who open this page do not.
#[component]
pub fn FollowUp(client: ClientId) -> impl IntoView {
    let workspace = use_workspace();
    let touches = RwSignal::new(None::<Vec<FollowUpTouch>>);
    let (busy, problem) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let ask = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        problem.set(None);
        spawn_local(async move {
            match api::client_follow_up(client).await {
                Ok(found) => {
                    touches.try_set(Some(found));
                }
                Err(ApiError::Unreachable) => {
                    problem.try_set(Some("The follow-up can be read while the clinic’s server can be reached.".to_owned()));
                }
                Err(error) => {
                    problem.try_set(Some(error.to_string()));
                }
            }
            busy.try_set(false);
        });
    };
    let plans = move || {
        let (touches, chart, catalogue) = (touches.get()?, workspace.chart(client)?, workspace.catalogue()?);
        Some(by_plan(&touches, &chart, &catalogue))
    };
    view! {
        <section class="sec" aria-labelledby="follow-up-h">
            <div class="sec-head">
                <h2 id="follow-up-h">"Follow-up"</h2>
            </div>
            <div class="btn-row">
                <button class="btn quiet" type="button" aria-disabled=move || busy.get().to_string() on:click=ask>
                    <Icon name="history" />
                    {move || if touches.with(Option::is_none) { "Show what is sent, and why" } else { "Look again" }}
                </button>
                <Show when=move || touches.with(Option::is_some)>
                    <a class="btn quiet" href=client_touches_csv(client) download="cadence-follow-up-of-client.csv" rel="external">
                        <Icon name="file" />
                        "CSV"
                        <span class="vh">": everything that was sent, and why not"</span>
                    </a>
                </Show>
            </div>
            <Problem words=problem />
            <div role="status">{move || plans().map(|plans| view! { <Plans plans /> })}</div>
        </section>
    }
}

/// One series.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PlanLines {
    name: String,
    lines: Vec<Line>,
}

/// One touch, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    /// `28 Nov 2026, 10:00`
    due: String,
    /// `Check-in · session 4`
    title: String,
    state: State,
    /// `Sent`
    became: &'static str,
    /// Why it was not sent, or is not yet.
    why: Option<String>,
    /// Step by step, with the times.
    steps: Vec<String>,
    /// What was written, and by which channel.
    texts: Vec<(String, String)>,
}

/// In the order in which the series were sold.
fn by_plan(touches: &[FollowUpTouch], chart: &Chart, catalogue: &Catalogue) -> Vec<PlanLines> {
    let of = |plan: &domain::plan::Plan| PlanLines {
        name: plan.name.clone(),
        lines: touches.iter().filter(|touch| touch.plan == plan.id).map(|touch| line(touch, chart, catalogue)).collect(),
    };
    chart.plans.iter().map(of).filter(|plan| !plan.lines.is_empty()).collect()
}

fn line(touch: &FollowUpTouch, chart: &Chart, catalogue: &Catalogue) -> Line {
    let say = |why: Option<Why>| why.map(|why| why.sentence(chart.client.first_name(), &catalogue.clock));
    let number = chart.session(touch.session).map(|session| format!(" · session {}", session.number)).unwrap_or_default();
    let again = if touch.again { ", by the other channel" } else { "" };
    let step = |step: &FollowUpStep| {
        let reason = say(step.why).map(|why| format!(": {why}")).unwrap_or_default();
        format!("{} · {}{reason}", words::moment(&catalogue.clock, step.at), became(touch.kind, step.state))
    };
    let tried = |tried: &FollowUpTry| {
        let answer = tried.answer.as_ref().map(|answer| format!(" · {answer}")).unwrap_or_default();
        format!("{} · {}{answer}", words::moment(&catalogue.clock, tried.at), tried.channel.label())
    };
    Line {
        due: words::moment(&catalogue.clock, touch.due),
        title: format!("{}{number}{again}", touch.kind.label()),
        state: touch.state,
        became: became(touch.kind, touch.state),
        why: say(touch.why).or_else(|| touch.waits.map(|until| format!("It waits until {}.", words::moment(&catalogue.clock, until)))),
        steps: touch.steps.iter().map(step).chain(touch.tries.iter().map(tried)).collect(),
        texts: touch.tries.iter().filter_map(|tried| Some((tried.channel.label().to_owned(), tried.text.clone()?))).collect(),
    }
}

/// A flag is sent to nobody.
fn became(kind: Kind, state: State) -> &'static str {
    if kind == Kind::Flag && state == State::Accepted { "On the call list" } else { state.label() }
}

#[component]
fn Plans(plans: Vec<PlanLines>) -> impl IntoView {
    let none = plans.is_empty();
    let plan = |PlanLines { name, lines }: PlanLines| {
        view! {
            <h3>{name}</h3>
            <ol class="touches card">{lines.into_iter().map(|line| view! { <TouchLine line /> }).collect_view()}</ol>
        }
    };
    view! {
        {none.then(|| view! { <p class="soft">"Nothing is planned for this client’s series."</p> })}
        {plans.into_iter().map(plan).collect_view()}
    }
}

#[component]
fn TouchLine(line: Line) -> impl IntoView {
    let Line { due, title, state, became, why, steps, texts } = line;
    let chip = match state {
        State::Accepted | State::Delivered => "chip is-ok",
        State::Bounced | State::Failed | State::Uncertain => "chip is-warn",
        State::Planned | State::Claimed | State::Attempted => "chip",
        State::Suppressed | State::Merged | State::Expired => "chip is-outline",
    };
    let more = !(steps.is_empty() && texts.is_empty());
    view! {
        <li>
            <time class="num soft small">{due}</time>
            <div>
                <p class="touch-head">
                    <b>{title}</b>
                    <span class=chip>{became}</span>
                </p>
                {why.map(|why| view! { <p class="soft">{why}</p> })}
                {more
                    .then(|| {
                        view! {
                            <details>
                                <summary class="small">"Everything that happened"</summary>
                                <ul class="small num">{steps.into_iter().map(|step| view! { <li>{step}</li> }).collect_view()}</ul>
                                {texts
                                    .into_iter()
                                    .map(|(channel, text)| {
                                        view! {
                                            <p class="small soft">{channel}</p>
                                            <p class="touch-text">{text}</p>
                                        }
                                    })
                                    .collect_view()}
                            </details>
                        }
                    })}
            </div>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{api::messages::Channel, signed_record::sample};

    #[test]
    fn each_touch_says_when_what_and_why_not() {
        let catalogue = sample::catalogue();
        let chart = sample::chart(6);
        let booked = Why::Booked { starts: sample::moment("2026-03-12T15:00:00Z") };
        let touch = |kind, state, why, tries| FollowUpTouch {
            plan: chart.plans[0].id,
            session: sample::session(2),
            kind,
            due: sample::moment("2026-03-10T10:00:00Z"),
            state,
            since: sample::moment("2026-03-09T10:00:00Z"),
            why,
            waits: None,
            again: false,
            steps: vec![FollowUpStep { state, at: sample::moment("2026-03-09T10:00:00Z"), why }],
            tries,
        };
        let tried = FollowUpTry {
            channel: Channel::Sms,
            at: sample::moment("2026-03-10T10:00:01Z"),
            answer: Some("30003 unreachable".into()),
            text: Some("Hello Maya".into()),
        };
        let touches =
            [touch(Kind::Reminder, State::Suppressed, Some(booked), vec![]), touch(Kind::CheckIn, State::Bounced, None, vec![tried])];
        let plans = by_plan(&touches, &chart, &catalogue);
        assert_eq!(plans.len(), 1);
        let [reminder, check_in] = plans[0].lines.as_slice() else { panic!("two lines") };
        assert_eq!(reminder.why.as_deref(), Some("Maya booked 12 March before this was due."));
        assert!(reminder.title.ends_with(" · session 2"), "{}", reminder.title);
        assert!(reminder.steps[0].contains("Not sent: Maya booked 12 March"), "{:?}", reminder.steps);
        assert_eq!((became(Kind::Flag, State::Accepted), became(Kind::CheckIn, State::Accepted)), ("On the call list", "Sent"));
        assert_eq!(check_in.texts, [("SMS".to_owned(), "Hello Maya".to_owned())]);
        assert!(check_in.steps.last().is_some_and(|step| step.ends_with("SMS · 30003 unreachable")), "{:?}", check_in.steps);
    }
}
