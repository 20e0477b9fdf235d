//! The one place where the server reads the clock and draws random numbers.

use domain::{ids::uuid_v7, time::Moment};

pub trait Host: Send + Sync {
    fn now(&self) -> Moment;
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Host + '_ {
    pub fn uuid(&self) -> uuid::Uuid {
        let mut random = [0; 10];
        self.fill(&mut random);
        uuid_v7(self.now().millis().unsigned_abs(), random)
    }
}

/// The machine's own.
pub struct Machine;

impl Host for Machine {
    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    fn now(&self) -> Moment {
        Moment::new(jiff::Timestamp::now())
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place")]
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has random numbers");
    }
}
