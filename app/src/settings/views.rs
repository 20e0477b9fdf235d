//! The page of the photographs: by which sets of views they are taken.

use super::{entry_page::entry_page, side_list::Entry, view_set_form::view_set_form};
use crate::words::count;
use domain::view::ViewSet;
use leptos::prelude::*;

/// How the clinic photographs, always in the same way.
#[component]
pub fn ViewsPage() -> impl IntoView {
    entry_page(view_set_form)
}

/// `Face`, and below it `5 views`: those that are taken today.
pub fn entry(set: &ViewSet) -> Entry {
    let views = count(set.current().count() as u64, "view", "views");
    let note = if set.retired { format!("no longer used · {views}") } else { views };
    Entry { id: set.id.0, name: set.name.clone(), note }
}
