//! What the page is made of: a figure with its definition, bars that are a table at once, and tables that can be downloaded.

use super::words::{Said, share, thousands};
use crate::icon::Icon;
use domain::numbers::{Metric, Share, Table};
use leptos::prelude::*;

/// One number, what it rests on, how it is counted and over which days.
#[component]
pub fn Figure(metric: Metric, said: Said) -> impl IntoView {
    let is_words = !said.value.starts_with(|c: char| c.is_ascii_digit()) && said.value.chars().all(|c| c.is_alphabetic() || c == ' ');
    view! {
        <article class="card number-figure">
            <h3>{metric.label()}</h3>
            <p class="figure-value num" class:is-words=is_words>
                {said.value}
            </p>
            <p class="num">{said.rests_on}</p>
            <Definition metric />
        </article>
    }
}

/// How it is counted, and over which days.
#[component]
pub fn Definition(metric: Metric) -> impl IntoView {
    view! {
        <p class="soft small">{metric.definition()}</p>
        <p class="soft small">
            <b>"Counted: "</b>
            {metric.window()}
        </p>
    }
}

/// One bar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    pub share: Share,
    /// The one to look at first.
    pub strong: bool,
}

/// Bars as rows of a table: whoever cannot see the bars has the numbers beside them.
#[component]
pub fn Bars(#[prop(into)] caption: String, head: &'static str, bars: Vec<Bar>) -> impl IntoView {
    let row = |bar: Bar| {
        let width = bar.share.tenths().map_or_else(|| "0%".to_owned(), |tenths| format!("{}.{}%", tenths / 10, tenths % 10));
        let said = bar.share.percent().map_or_else(|| "too few".to_owned(), |percent| format!("{percent} %"));
        view! {
            <tr class:is-strong=bar.strong>
                <th scope="row">{bar.label}</th>
                <td>
                    <span class="bar" aria-hidden="true">
                        <span style:width=width></span>
                    </span>
                </td>
                <td class="num">{said}</td>
                <td class="num soft">{thousands(bar.share.part)} " of " {thousands(bar.share.whole)}</td>
            </tr>
        }
    };
    view! {
        <table class="bars">
            <caption class="vh">{caption}</caption>
            <thead class="vh">
                <tr>
                    <th scope="col">{head}</th>
                    <th scope="col">"Bar"</th>
                    <th scope="col">"Share"</th>
                    <th scope="col">"Count"</th>
                </tr>
            </thead>
            <tbody>{bars.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// Where a table is downloaded.
#[component]
pub fn Download(
    table: Table,
    #[prop(into)] query: Signal<String>,
    #[prop(into)] about: String,
    #[prop(default = "CSV")] words: &'static str,
) -> impl IntoView {
    let href = move || format!("{}?table={}{}", crate::api::numbers::NUMBERS_CSV, table.code(), query.get());
    view! {
        <a class="btn quiet" href=href download=format!("cadence-{}.csv", table.code()) rel="external">
            <Icon name="file" />
            {words}
            <span class="vh">": " {about}</span>
        </a>
    }
}

/// Words in columns; all but the first are numbers.
#[component]
pub fn Columns(#[prop(into)] caption: String, head: Vec<&'static str>, rows: Vec<Vec<String>>) -> impl IntoView {
    let label = caption.clone();
    let head = head.into_iter().map(|words| view! { <th scope="col">{words}</th> }).collect_view();
    let row = |cells: Vec<String>| {
        let mut cells = cells.into_iter();
        let first = cells.next().unwrap_or_default();
        view! {
            <tr>
                <th scope="row">{first}</th>
                {cells.map(|cell| view! { <td class="num">{cell}</td> }).collect_view()}
            </tr>
        }
    };
    view! {
        // Wider than a phone: it is moved by itself, with the keys, too.
        <div class="columns-box" role="group" aria-label=label tabindex="0">
            <table class="columns">
                <caption class="vh">{caption}</caption>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// A part of the page: its heading, its download, and what stands in it.
#[component]
pub fn Part(
    id: &'static str,
    #[prop(into)] title: String,
    #[prop(optional)] table: Option<Table>,
    #[prop(into)] query: Signal<String>,
    children: Children,
) -> impl IntoView {
    let about = title.clone();
    view! {
        <section class="numbers-part" aria-labelledby=id>
            <div class="sec-head">
                <h2 id=id>{title}</h2>
                {table.map(|table| view! { <Download table query about /> })}
            </div>
            {children()}
        </section>
    }
}

/// A share as a percentage in a table; with the counts beside it nothing has to be explained.
pub fn percent(part: u32, whole: u32) -> String {
    let said = share(Share::new(part, whole), "", "");
    if said.value.ends_with('%') { said.value } else { "too few".to_owned() }
}
