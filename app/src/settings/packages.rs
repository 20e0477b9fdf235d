//! The page of the packages.

use super::{entry_page::entry_page, package_form::package_form, side_list::Entry};
use domain::{money, package::Package};
use leptos::prelude::*;

/// What the clinic sells, and what one session of it consists of.
#[component]
pub fn PackagesPage() -> impl IntoView {
    entry_page(package_form)
}

/// `Laser hair removal`, and below it `$1,800 · 6 sessions, 42 days apart`.
pub fn entry(package: &Package, currency: &str) -> Entry {
    let price = money::written(package.price_minor, currency);
    let terms = format!("{price} · {} sessions, {} days apart", package.sessions, package.interval_days);
    let note = if package.retired { format!("no longer sold · {terms}") } else { terms };
    Entry { id: package.id.0, name: package.name.clone(), note }
}
