//! What lasts as long as the tab: more than a page does, less than what is stored on the device.

use leptos::{prelude::*, reactive::owner::Owner};

/// The one `T` of this tab, made when it is first asked for. Its signals outlive every page.
pub fn of_this_tab<T: Clone + Send + Sync + 'static>(make: impl FnOnce() -> T) -> T {
    let mut outermost = Owner::current().unwrap_or_default();
    while let Some(parent) = outermost.parent() {
        outermost = parent;
    }
    outermost.with(|| {
        use_context().unwrap_or_else(|| {
            let made = make();
            provide_context(made.clone());
            made
        })
    })
}
