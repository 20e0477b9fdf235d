//! What would be sent for an example, on a line of days: whatever is edited moves it at once.

use super::{
    editor::PolicyEditor,
    example::{Case, Line, about, lines},
};
use crate::{words::count, workspace::use_workspace};
use leptos::prelude::*;

/// Where no package is named.
const EXAMPLE: (u16, u16) = (6, 42);

#[component]
pub fn Timeline(editor: PolicyEditor) -> impl IntoView {
    let workspace = use_workspace();
    let case = RwSignal::new(Case::NotBooked);
    let terms = Memo::new(move |_| {
        let catalogue = workspace.catalogue();
        let package = editor.package.and_then(|package| catalogue?.package(package).map(|sold| (sold.sessions, sold.interval_days)));
        package.unwrap_or(EXAMPLE)
    });
    let shown = Memo::new(move |_| {
        let (Some(catalogue), Some(today)) = (workspace.catalogue(), workspace.today()) else { return Vec::new() };
        let (sessions, interval) = terms.get();
        lines(&editor.policy(), sessions, interval, case.get(), &catalogue.clock, today)
    });
    let choice = move |option: Case| {
        view! {
            <label>
                <input type="radio" name="policy-case" prop:checked=move || case.get() == option on:change=move |_| case.set(option) />
                <span>{option.label()}</span>
            </label>
        }
    };
    let dots = move || {
        let all = shown.get();
        let most = all.iter().map(|line| line.day).max().unwrap_or_default().max(1);
        let dot = |line: Line| {
            let left = format!("{}%", f64::from(line.day.max(0)) * 100.0 / f64::from(most));
            view! { <span class="policy-dot" class:is-off=line.why.is_some() style:left=left></span> }
        };
        all.into_iter().map(dot).collect_view()
    };
    let row = |line: Line| {
        let after = match line.day {
            0 => "the same day".to_owned(),
            days => format!("after {}", count(u32::try_from(days).unwrap_or_default(), "day", "days")),
        };
        let is_off = line.why.is_some();
        view! {
            <li class:is-off=is_off>
                <span class="num small">{after}</span>
                <span class="num small soft">{line.when}</span>
                <b>{line.kind.label()}</b>
                {line.why.map(|why| view! { <span class="small soft">{why}</span> })}
            </li>
        }
    };
    view! {
        <section class="policy-line" aria-labelledby="policy-line-h">
            <div class="sec-head">
                <h3 id="policy-line-h">"What is sent, and when"</h3>
            </div>
            <p class="soft small">
                {move || {
                    let (sessions, interval) = terms.get();
                    about(case.get(), sessions, interval)
                }}
            </p>
            <fieldset class="seg">
                <legend class="vh">"What the client does"</legend>
                {Case::ALL.map(choice).into_iter().collect_view()}
            </fieldset>
            <div class="policy-strip" aria-hidden="true">{dots}</div>
            <ol class="policy-touches">{move || shown.get().into_iter().map(row).collect_view()}</ol>
        </section>
    }
}
