//! `cargo xtask bench`: how long people wait, measured in a browser, with the raw floor of the same run beside each figure; and how late
//! messages go, beside what others use for that.

use std::process::Command;

use anyhow::{Context, ensure};
use clap::{Args, ValueEnum};

use crate::site::{self, SizeOptions};
use crate::workspace;

#[derive(Args)]
pub struct Options {
    /// Measure only these
    #[arg(value_enum)]
    parts: Vec<Part>,
    #[command(flatten)]
    size: SizeOptions,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Charting, syncing, lists and bookings
    Clinic,
    /// Taking and laying on photographs
    Photos,
    /// Making them small
    Thumbnails,
    /// Sending what is due
    FollowUp,
}

impl Part {
    /// The script that measures it, and the program of the server's that it drives.
    fn script(self) -> (&'static str, Option<&'static str>) {
        match self {
            Self::Clinic => ("bench.mjs", Some("bookings")),
            Self::Photos => ("photos.mjs", None),
            Self::Thumbnails => ("thumbnails.mjs", Some("thumbnails")),
            Self::FollowUp => ("follow_up.mjs", Some("followed_up")),
        }
    }
}

/// Measures the release build as it lies there, and prints a table. Asserts nothing.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let parts = if options.parts.is_empty() { Part::value_variants() } else { &options.parts };
    for (script, driver) in parts.iter().map(|part| part.script()) {
        if let Some(driver) = driver {
            let mut build = workspace::cargo();
            build.args(["build", "--quiet", "--release", "--package", "server", "--bin", "cadence", "--example", driver]);
            workspace::run(&mut build, "cargo")?;
        }
        eprintln!("Measuring by {script}; this takes some minutes. Leave the machine alone meanwhile.");
        let script = format!("end2end/bench/{script}");
        let built = workspace::target_dir().join("release");
        let mut measuring = if script.ends_with("follow_up.mjs") {
            // A Postgres of its own, which all that are compared use in turn.
            let mut cadence = Command::new(built.join("cadence"));
            cadence.args(["test-postgres", "--", "node", &script]).arg(built.join("examples/followed_up"));
            cadence
        } else {
            let mut node = Command::new("node");
            node.arg(&script);
            node
        };
        measuring.current_dir(workspace::root());
        let status = measuring.status().context("node is needed; `bin/setup test` installs it")?;
        ensure!(status.success(), "the measurement ended early ({status})");
        println!();
    }
    if parts.contains(&Part::Clinic) { site::size(&options.size) } else { Ok(()) }
}
