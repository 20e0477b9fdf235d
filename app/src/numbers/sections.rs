//! The parts of the page, one after the other.

use super::{
    hours,
    parts::{Bar, Bars, Columns, Definition, Figure, Part, percent},
    risk::RiskList,
    series,
    words::{Said, average, share, thousands, waited},
};
use crate::{icon::Icon, words::count, workspace::use_workspace};
use domain::{
    money,
    numbers::{Metric, Numbers, OfMonth, Share, Table},
};
use leptos::prelude::*;

/// `is_old`: other days were chosen meanwhile, and their numbers are on their way.
#[component]
pub fn Sections(numbers: Numbers, days: Signal<String>, is_old: Signal<bool>) -> impl IntoView {
    let workspace = use_workspace();
    let currency = untrack(|| workspace.catalogue()).map(|catalogue| catalogue.currency.clone()).unwrap_or_default();
    view! {
        <div class="numbers-parts" class:is-old=move || is_old.get() aria-busy=move || is_old.get().to_string()>
            <Zero numbers=numbers.clone() days />
            <Completion numbers=numbers.clone() days />
            <DropOffs numbers=numbers.clone() days />
            <Months numbers=numbers.clone() days />
            <Risk numbers=numbers.clone() days />
            <FollowingUp numbers=numbers.clone() days currency=currency.clone() />
            <CallList numbers=numbers.clone() days />
            <Packages numbers=numbers.clone() days currency=currency.clone() />
            <Apart numbers days currency />
        </div>
    }
}

/// What must be nothing stands first, in one line as long as it is.
#[component]
fn Zero(numbers: Numbers, days: Signal<String>) -> impl IntoView {
    let zero = numbers.zero;
    let all = [(Metric::AfterBooking, zero.after_booking), (Metric::Twice, zero.twice), (Metric::Fifth, zero.fifth)];
    let wrong = all.iter().any(|(_, n)| *n > 0);
    let row = |(metric, n): (Metric, u32)| {
        view! {
            <li>
                <b class="num" class:is-wrong={n > 0}>
                    {thousands(n)}
                </b>
                <div>
                    <p>{metric.label()}</p>
                    <Definition metric />
                </div>
            </li>
        }
    };
    let say = if wrong { "say is-refused" } else { "say" };
    let (icon, words) = if wrong {
        ("refuse", "Something happened that must not. Tell whoever looks after this server.")
    } else {
        (
            "check-circle",
            "Nothing that must not happen: nobody was asked to book who had booked, nothing went twice, nobody got a fifth reminder.",
        )
    };
    view! {
        <Part id="zero-h" title="Must be 0" table=Table::Zero query=days>
            <p class=say>
                <Icon name=icon />
                <span>{words}</span>
            </p>
            <details class="numbers-more" open=wrong>
                <summary>"The three counts, and how they are counted"</summary>
                <ul class="zero-list card">{all.into_iter().map(row).collect_view()}</ul>
            </details>
        </Part>
    }
}

#[component]
fn Completion(numbers: Numbers, days: Signal<String>) -> impl IntoView {
    let sessions = share(numbers.session_completion(), "sessions", "mature series");
    let finished = share(numbers.series_completion(), "series", "mature series");
    let longest = numbers.lengths().last().copied().unwrap_or_default();
    let bars: Vec<_> =
        (1..=longest).map(|number| Bar { label: format!("Session {number}"), share: numbers.reached(number), strong: false }).collect();
    let lengths = numbers.lengths().into_iter().map(|sold| {
        let (delivered, of, complete) = numbers.of_length(sold);
        let mean = average(delivered, of).unwrap_or_default();
        vec![count(sold, "session", "sessions"), thousands(of), mean, thousands(complete), percent(complete, of)]
    });
    let lengths: Vec<_> = lengths.collect();
    let young = (numbers.young > 0).then(|| format!("{} sold in the period are too young to be counted.", series(numbers.young)));
    view! {
        <Part id="completion-h" title="Series" table=Table::Series query=days>
            <div class="figures">
                <Figure metric=Metric::SessionCompletion said=sessions />
                <Figure metric=Metric::SeriesCompletion said=finished />
            </div>
            {young.map(|words| view! { <p class="soft num">{words}</p> })}
            {(!bars.is_empty())
                .then(|| {
                    view! {
                        <div class="numbers-two">
                            <div class="card numbers-card">
                                <h3>"How far series come"</h3>
                                <p class="soft small">"Mature series, of those long enough, in which so many sessions are delivered."</p>
                                <Bars caption="How far series come" head="Session" bars />
                            </div>
                            <div class="card numbers-card">
                                <h3>{Metric::SessionsDelivered.label()}</h3>
                                <Definition metric=Metric::SessionsDelivered />
                                <Columns
                                    caption=Metric::SessionsDelivered.label()
                                    head=vec!["Sold", "Series", "Delivered on average", "Finished", "Finished, %"]
                                    rows=lengths
                                />
                            </div>
                        </div>
                    }
                })}
        </Part>
    }
}

#[component]
fn DropOffs(numbers: Numbers, days: Signal<String>) -> impl IntoView {
    let bars: Vec<_> = numbers
        .drop_off
        .iter()
        .map(|one| Bar { label: format!("{} → {}", one.after, one.after.saturating_add(1)), share: one.share(), strong: one.after == 2 })
        .collect();
    let none = bars.is_empty();
    view! {
        <Part id="drop-h" title=Metric::DropOff.label() table=Table::DropOff query=days>
            <Definition metric=Metric::DropOff />
            {if none {
                view! { <p class="soft">"Not yet: of no session in the period has the time passed."</p> }.into_any()
            } else {
                view! {
                    <div class="card numbers-card">
                        <Bars caption=Metric::DropOff.label() head="From session to session" bars />
                    </div>
                }
                    .into_any()
            }}
        </Part>
    }
}

#[component]
fn Months(numbers: Numbers, days: Signal<String>) -> impl IntoView {
    // The latest first, as the periods to choose from have it.
    let rows: Vec<_> = numbers.months.iter().rev().map(month_row).collect();
    let none = rows.is_empty();
    view! {
        <Part id="months-h" title=Metric::Months.label() table=Table::Months query=days>
            <Definition metric=Metric::Months />
            {if none {
                view! { <p class="soft">"Nothing was sold in the period."</p> }.into_any()
            } else {
                view! {
                    <div class="card numbers-card">
                        <Columns
                            caption=Metric::Months.label()
                            head=vec![
                                "Sold in",
                                "Too young",
                                "Mature",
                                "Finished, %",
                                "Delivered on average",
                                "Sessions delivered, %",
                                "After session 2",
                                "Dropped before 3, %",
                            ]
                            rows
                        />
                    </div>
                }
                    .into_any()
            }}
        </Part>
    }
}

fn month_row(one: &OfMonth) -> Vec<String> {
    vec![
        super::period::month_words(one.first),
        thousands(one.young),
        thousands(one.mature),
        one.series_completion().words(),
        average(one.delivered, one.mature).unwrap_or_default(),
        one.session_completion().words(),
        thousands(one.passed),
        one.drop_off().words(),
    ]
}

#[component]
fn Risk(numbers: Numbers, days: Signal<String>) -> impl IntoView {
    let at_risk = numbers.at_risk;
    let second = at_risk.iter().filter(|one| one.after == 2).count();
    let words = match at_risk.len() {
        0 => "Nobody: every series whose next session is due is booked.".to_owned(),
        all => format!("{} between two sessions, {second} of them between the second and the third.", crate::words::thousands(all)),
    };
    view! {
        <Part id="risk-h" title=Metric::AtRisk.label() table=Table::AtRisk query=days>
            <p class="num">{words}</p>
            <Definition metric=Metric::AtRisk />
            {(!at_risk.is_empty()).then(|| view! { <RiskList at_risk /> })}
        </Part>
    }
}

#[component]
fn FollowingUp(numbers: Numbers, days: Signal<String>, currency: String) -> impl IntoView {
    let on_time = share(numbers.on_time(), "messages", "messages that were due");
    let rebooked = share(numbers.rebooked(), "lapses", "lapses whose time has passed");
    let recovered: u32 = numbers.packages.iter().map(|one| one.recovered).sum();
    let recovered = Said {
        value: money::written(numbers.recovered_minor(), &currency),
        rests_on: format!("{}, by the ledger", count(recovered, "session", "sessions")),
    };
    let stranded = Said { value: money::written(numbers.stranded_minor(), &currency), rests_on: "Sold and not delivered".to_owned() };
    let kinds: Vec<_> = numbers
        .touches
        .iter()
        .map(|one| {
            let counts = [one.due, one.on_time, one.late, one.expired, one.failed, one.uncertain, one.not_gone].map(thousands);
            std::iter::once(one.kind.label().to_owned()).chain(counts).chain([percent(one.on_time, one.due)]).collect()
        })
        .collect();
    let steps: Vec<_> = numbers
        .lapses
        .by
        .iter()
        .map(|one| vec![one.after.label(), thousands(one.reached), thousands(one.rebooked), percent(one.rebooked, one.reached)])
        .collect();
    let open = numbers.lapses.open;
    view! {
        <Part id="follow-h" title="Following up" table=Table::Touches query=days>
            <div class="figures">
                <Figure metric=Metric::OnTime said=on_time />
                <Figure metric=Metric::Rebooked said=rebooked />
                <Figure metric=Metric::Recovered said=recovered />
                <Figure metric=Metric::Stranded said=stranded />
            </div>
            {(!kinds.is_empty())
                .then(|| {
                    view! {
                        <div class="card numbers-card">
                            <h3>"Messages on time, by kind"</h3>
                            <Columns
                                caption="Messages on time, by kind"
                                head=vec!["Message", "Due", "On time", "Late", "Expired", "Failed", "Uncertain", "Not gone", "On time, %"]
                                rows=kinds
                            />
                        </div>
                    }
                })}
            <div class="card numbers-card">
                <div class="sec-head">
                    <h3>"Booked again, by the last thing that was done"</h3>
                    <super::parts::Download table=Table::Lapses query=days about="Booked again after a lapse" />
                </div>
                <p class="soft small num">{format!("{} open now, opened in the period.", count(open, "lapse is", "lapses are"))}</p>
                {if steps.is_empty() {
                    view! { <p class="soft">"Not yet: of no lapse have the 28 days passed."</p> }.into_any()
                } else {
                    view! {
                        <Columns
                            caption="Booked again, by the last thing that was done"
                            head=vec!["Last thing done", "Lapses that came so far", "Booked again after it", "%"]
                            rows=steps
                        />
                    }
                        .into_any()
                }}
            </div>
        </Part>
    }
}

#[component]
fn CallList(numbers: Numbers, days: Signal<String>) -> impl IntoView {
    let calls = numbers.calls;
    let none = || "Not yet".to_owned();
    let said = |value: String, rests_on: &str| Said { value, rests_on: rests_on.to_owned() };
    let age = calls.median_age_days.map(|days| count(days, "day", "days"));
    let wait = calls.median_wait_minutes.map(waited);
    let week = calls.minutes_a_week().filter(|_| calls.minutes > 0).map(hours);
    let made: u32 = calls.outcomes.iter().map(|one| one.calls).sum();
    let outcomes: Vec<_> =
        calls.outcomes.iter().map(|one| Bar { label: one.outcome.clone(), share: Share::new(one.calls, made), strong: false }).collect();
    view! {
        <Part id="calls-h" title="Call list" table=Table::Calls query=days>
            <div class="figures">
                <Figure metric=Metric::CallsOpen said=said(thousands(calls.open), "now") />
                <Figure metric=Metric::CallsOpened said=said(thousands(calls.opened), "in the period") />
                <Figure metric=Metric::CallAge said=said(age.unwrap_or_else(none), "the middle one of those on the list") />
                <Figure metric=Metric::CallWait said=said(wait.unwrap_or_else(none), "the middle one of those called") />
                <Figure metric=Metric::CallHours said=said(week.unwrap_or_else(none), "by what was logged") />
            </div>
            <div class="card numbers-card">
                <h3>{Metric::CallOutcomes.label()}</h3>
                <Definition metric=Metric::CallOutcomes />
                {if outcomes.is_empty() {
                    view! { <p class="soft">"No call was logged in the period."</p> }.into_any()
                } else {
                    view! { <Bars caption=Metric::CallOutcomes.label() head="What came of it" bars=outcomes /> }.into_any()
                }}
            </div>
        </Part>
    }
}

#[component]
fn Packages(numbers: Numbers, days: Signal<String>, currency: String) -> impl IntoView {
    let sum = |minor| money::written(minor, &currency);
    let rows: Vec<_> = numbers
        .packages
        .iter()
        .map(|one| {
            vec![
                one.name.clone(),
                thousands(one.series),
                sum(one.price_minor),
                format!("{} of {}", thousands(one.delivered), thousands(one.sold)),
                format!("{} of {}", thousands(one.complete), thousands(one.mature)),
                percent(one.complete, one.mature),
                sum(one.stranded_minor),
                sum(one.recovered_minor),
            ]
        })
        .collect();
    let none = rows.is_empty();
    view! {
        <Part id="packages-h" title="By package" table=Table::Packages query=days>
            <p class="soft small">"Series sold in the period; recovered is what was delivered in it. Finished counts mature series only."</p>
            {if none {
                view! { <p class="soft">"Nothing was sold in the period."</p> }.into_any()
            } else {
                view! {
                    <div class="card numbers-card">
                        <Columns
                            caption="By package"
                            head=vec![
                                "Package",
                                "Series",
                                "Average price",
                                "Sessions delivered",
                                "Finished",
                                "Finished, %",
                                "Money stranded",
                                "Money recovered",
                            ]
                            rows
                        />
                    </div>
                }
                    .into_any()
            }}
        </Part>
    }
}

/// So many are drawn; the rest is in the file.
const DRAWN: usize = 50;

#[component]
fn Apart(numbers: Numbers, days: Signal<String>, currency: String) -> impl IntoView {
    let workspace = use_workspace();
    let all = numbers.apart.len();
    let row = |one: &domain::numbers::Apart| {
        let chart = untrack(|| workspace.chart(one.client));
        let name = chart.map_or_else(|| "A client who is not on this device".to_owned(), |chart| chart.client.name.clone());
        let refunded = if one.refunded_minor > 0 { money::written(one.refunded_minor, &currency) } else { String::new() };
        let client = one.client;
        view! {
            <li>
                <a href=format!("/clients/{client}")>{name}</a>
                <span class="soft small">{one.name.clone()} ", sold " {one.sold_on.long()}</span>
                <span class="chip">{one.because.label()}</span>
                <span class="num small">{format!("{} of {} delivered", one.delivered, one.sold)}</span>
                <span class="num small">{refunded}</span>
            </li>
        }
    };
    let rows = numbers.apart.iter().take(DRAWN).map(row).collect_view();
    view! {
        <Part id="apart-h" title=Metric::Apart.label() table=Table::Apart query=days>
            <Definition metric=Metric::Apart />
            {if all == 0 {
                view! { <p class="soft">"None in the period."</p> }.into_any()
            } else {
                view! { <ul class="apart-list card">{rows}</ul> }.into_any()
            }}
            {(all > DRAWN).then(|| view! { <p class="soft num">{format!("{} more are in the file.", all - DRAWN)}</p> })}
        </Part>
    }
}
