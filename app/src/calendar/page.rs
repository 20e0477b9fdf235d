//! The page of the calendar.

use leptos::prelude::*;

#[component]
pub fn CalendarPage() -> impl IntoView {
    view! {
        <div class="page">
            <div class="page-head">
                <h1>"Calendar"</h1>
            </div>
        </div>
    }
}
