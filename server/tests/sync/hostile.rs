//! Whatever somebody puts wherever something can be put: every address, in every role.

pub mod asking;
mod crawl;
pub mod shapes;
pub mod values;
