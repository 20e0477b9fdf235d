//! When something goes wrong that nobody foresaw: the page says so, and what is safe.

use leptos::prelude::document;

/// Puts a notice on the page when the program stops.
pub fn tell_on_page() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        say("Cadence has stopped", "Load the page again. Everything you entered up to now is saved on this device.");
    }));
}

/// Takes the notice away: what it was about has passed.
pub fn unsay() {
    if let Ok(Some(notice)) = document().query_selector("section.start-notice") {
        notice.remove();
    }
}

/// A notice that needs nothing of the program to be read. It takes the place of one that was there.
pub fn say(heading: &str, text: &str) {
    unsay();
    let document = document();
    let build = || -> Option<()> {
        let notice = document.create_element("section").ok()?;
        notice.set_attribute("role", "alert").ok()?;
        notice.set_attribute("class", "start-notice").ok()?;
        let h1 = document.create_element("h1").ok()?;
        h1.set_text_content(Some(heading));
        let p = document.create_element("p").ok()?;
        p.set_text_content(Some(text));
        let again = document.create_element("a").ok()?;
        again.set_attribute("href", "").ok()?;
        again.set_attribute("class", "btn primary").ok()?;
        again.set_text_content(Some("Load again"));
        notice.append_child(&h1).ok()?;
        notice.append_child(&p).ok()?;
        notice.append_child(&again).ok()?;
        let body = document.body()?;
        body.insert_before(&notice, body.first_child().as_ref()).ok()?;
        Some(())
    };
    // Where even this fails there is nobody left to tell.
    let _ = build();
}
