//! `cargo xtask bench`: how long people wait, measured in a browser, with the raw floor of the same run beside each figure.

use std::process::Command;

use anyhow::{Context, ensure};

use crate::site::{self, SizeOptions};
use crate::workspace;

/// Measures the release build as it lies there, and prints a table. Asserts nothing.
pub fn run(options: &SizeOptions) -> anyhow::Result<()> {
    let root = workspace::root();
    // One books through the server's own door, as many devices at once; the other makes thumbnails.
    let mut driver = workspace::cargo();
    driver.args(["build", "--quiet", "--release", "--package", "server", "--example", "bookings", "--example", "thumbnails"]);
    workspace::run(&mut driver, "cargo")?;
    eprintln!("Measuring; this takes some minutes. Leave the machine alone meanwhile.");
    for script in ["bench.mjs", "photos.mjs", "thumbnails.mjs"] {
        let status = Command::new("node")
            .arg(format!("end2end/bench/{script}"))
            .current_dir(&root)
            .status()
            .context("node is needed; `bin/setup test` installs it")?;
        ensure!(status.success(), "the measurement ended early ({status})");
        println!();
    }
    site::size(options)
}
