//! What the browser loads, from sources to the folder the server hands out.
//!
//! | file | holds |
//! |---|---|
//! | `program` | the Wasm program in its pieces, and its JavaScript bindings |
//! | `optimise` | `wasm-opt`, where it is installed |
//! | `styles` | the style sheets as two files: what the day needs, and the rest |
//! | `shell` | the templates of `public/`: shell, start module, service worker |
//! | `cache` | results kept between builds, named by what they were made from |
//! | `output` | the finished folder: written, compressed, swept |
//! | `sizes` | the table of sizes |

mod cache;
mod optimise;
mod output;
mod program;
mod shell;
mod sizes;
mod styles;

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::progress::{Progress, spoken};
use crate::workspace;
use cache::Cache;
use output::Output;

#[derive(Args)]
pub struct BuildOptions {
    /// Quick to build and larger to load: for working on the app
    #[arg(long)]
    dev: bool,
    /// The folder to fill
    #[arg(long, value_name = "FOLDER", default_value = "var/site")]
    out: PathBuf,
}

#[derive(Args)]
pub struct SizeOptions {
    /// The folder to look at
    #[arg(long, value_name = "FOLDER", default_value = "var/site")]
    out: PathBuf,
}

/// How a build is made: for people who use it, or for people who work on it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Flavour {
    Release,
    Dev,
}

impl Flavour {
    /// The cargo profile, which also names the folder of its results.
    fn profile(self) -> &'static str {
        match self {
            Self::Release => "wasm",
            Self::Dev => "wasm-dev",
        }
    }

    fn brotli_quality(self) -> u32 {
        match self {
            Self::Release => 11,
            Self::Dev => 5,
        }
    }
}

pub fn build(options: &BuildOptions) -> Result<()> {
    let flavour = if options.dev { Flavour::Dev } else { Flavour::Release };
    let root = workspace::root();
    let mut progress = Progress::new(8);
    let mut cache = Cache::open(&workspace::target_dir().join("site-cache").join(flavour.profile()))?;

    progress.step("Compiling the program for the browser");
    let compiled = program::compile(flavour)?;

    progress.step("Compiling the darkroom");
    let darkroom = program::compile_darkroom()?;

    progress.step("Compiling what moves on the clients' pages");
    let islands = program::compile_islands(flavour)?;

    progress.step("Cutting it into its pieces and making the JavaScript bindings");
    let mut program = program::bind(&compiled, flavour, &mut cache)?;
    let mut darkroom = program::bind_darkroom(&darkroom, flavour, &cache)?;
    let mut islands = program::bind_islands(&islands, flavour, &cache)?;

    progress.step("Optimising the program");
    optimise::optimise([&mut program, &mut darkroom, &mut islands], flavour, &cache, &progress)?;

    progress.step("Gathering styles, shell and service worker");
    let styles = styles::bundle(&[root.join("public/start.css"), root.join("style/main.css")])?;
    let page_styles = styles::bundle(&[root.join("style/pages.css")])?;
    let site = shell::assemble(&root.join("public"), [program, darkroom, islands], [styles, page_styles])?;

    progress.step("Compressing");
    let compressed = output::compress(&site.files, flavour, &cache)?;

    progress.step("Writing");
    let mut output = Output::open(&root.join(&options.out))?;
    let changed = output.write(&site.files, &compressed)?;
    let removed = output.sweep()?;
    cache.sweep()?;
    progress.note(&format!("{changed} file(s) written, {removed} removed in {}", options.out.display()));

    sizes::print(&root.join(&options.out))?;
    eprintln!("Built in {}.", spoken(progress.elapsed()));
    Ok(())
}

pub fn size(options: &SizeOptions) -> Result<()> {
    sizes::print(&workspace::root().join(&options.out))
}
