//! All sessions of a view in a row; and the series' other views below.

use super::table::{Mode, use_table};
use crate::photos::{
    compare_address,
    panel::{pairs, taken},
    picture::Thumbnail,
};
use leptos::prelude::*;

#[component]
pub fn AllOfView() -> impl IntoView {
    let table = use_table();
    let photos = Memo::new(move |_| {
        let (chart, catalogue) = table.workspace.chart(table.client).zip(table.workspace.catalogue())?;
        Some(
            table.photos().iter().map(|photo| taken(photo, &chart, &catalogue)).map(|taken| (taken.photo, taken.words)).collect::<Vec<_>>(),
        )
    });
    view! {
        <div class="all-of-view">
            <ol>
                <For each=move || photos.get().unwrap_or_default() key=Clone::clone let:photo>
                    <li>
                        <button
                            type="button"
                            on:click=move |_| {
                                table.later.set(Some(photo.0));
                                table.mode.set(Mode::SideBySide);
                            }
                        >
                            <Thumbnail client=table.client photo=photo.0 alt="" />
                            <small>{photo.1.clone()}</small>
                        </button>
                    </li>
                </For>
            </ol>
            <p class="soft">"Tap one to lay it beside the first."</p>
        </div>
    }
}

#[component]
pub fn Views() -> impl IntoView {
    let table = use_table();
    let views = Memo::new(move |_| {
        let (chart, catalogue) = table.workspace.chart(table.client).zip(table.workspace.catalogue())?;
        Some(pairs(&chart, table.plan, &catalogue))
    });
    let several = move || views.with(|views| views.as_ref().is_some_and(|views| views.len() > 1));
    view! {
        <Show when=several>
            <nav class="filmstrip" aria-label="Views">
                <ol>
                    <For each=move || views.get().unwrap_or_default() key=Clone::clone let:pair>
                        <li>
                            <a
                                class="film"
                                href=compare_address(table.client, pair.plan, pair.view)
                                aria-current=(pair.view == table.view).then_some("page")
                            >
                                <span class="film-picture">
                                    <Thumbnail client=table.client photo=pair.latest.as_ref().unwrap_or(&pair.first).photo alt="" />
                                </span>
                                <span class="film-name">{pair.name.clone()}</span>
                            </a>
                        </li>
                    </For>
                </ol>
            </nav>
        </Show>
    }
}
