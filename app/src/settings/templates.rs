//! The page of the templates.

use super::{entry_page::entry_page, side_list::Entry, template_form::template_form};
use domain::template::Template;
use leptos::prelude::*;

/// Which fields are charted, and within which limits.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    entry_page(template_form)
}

/// `Alexandrite`, and below it `version 2 · 5 fields`.
pub fn entry(template: &Template) -> Entry {
    let count = template.fields.len();
    let fields = if count == 1 { "field" } else { "fields" };
    Entry { id: template.id.0, name: template.name.clone(), note: format!("version {} · {count} {fields}", template.version) }
}
