//! The page of the consent forms.

use super::{entry_page::entry_page, form_form::form_form};
use leptos::prelude::*;

/// What clients agree to in writing, and its versions.
#[component]
pub fn FormsPage() -> impl IntoView {
    entry_page(form_form)
}
