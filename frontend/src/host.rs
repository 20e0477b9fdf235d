//! The one place where the browser's clock and random numbers are read.

use app::ports::Host;
use domain::time::Moment;

pub struct Browser;

impl Host for Browser {
    fn now(&self) -> Moment {
        // Whole milliseconds, far within what a double holds exactly.
        #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970")]
        Moment::from_millis(js_sys::Date::now() as i64)
    }

    fn random(&self) -> [u8; 10] {
        let mut bytes = [0; 10];
        fill(&mut bytes);
        bytes
    }
}

pub fn fill(bytes: &mut [u8]) {
    let crypto = web_sys::window().and_then(|window| window.crypto().ok());
    if crypto.is_none_or(|crypto| crypto.get_random_values_with_u8_array(bytes).is_err()) {
        // Every browser that runs Wasm has it; without it two entries might get one id, and a seal might be opened.
        panic!("this browser has no random numbers");
    }
}
