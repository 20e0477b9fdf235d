//! How many thumbnails a second this machine makes of the JPEGs in a folder, with all its cores. Called by
//! `end2end/bench/thumbnails.mjs`, which holds it against another program's; writes one line of JSON.

use anyhow::{Context, ensure};
use bytes::Bytes;
use clap::Parser;
use domain::photo::THUMBNAIL_SIDE;
use serde::Serialize;
use std::{
    num::NonZero,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};
use tokio::time::Instant;

#[derive(Parser)]
struct Arguments {
    /// Holds JPEGs, each at most 2560 pixels wide and high.
    folder: PathBuf,
    #[arg(long, default_value_t = 3)]
    seconds: u64,
    /// As the server does it: looks first whether the file holds anything but the picture.
    #[arg(long)]
    keep: bool,
}

#[derive(Serialize)]
struct Told {
    thumbnails: usize,
    per_second: f64,
    /// Of one picture on one core.
    milliseconds: f64,
}

fn main() -> anyhow::Result<()> {
    let Arguments { folder, seconds, keep } = Arguments::parse();
    let files: Vec<Bytes> = std::fs::read_dir(&folder)
        .with_context(|| folder.display().to_string())?
        .filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.extension().is_some_and(|it| it == "jpg" || it == "jpeg")))
        .map(|path| Ok(std::fs::read(path)?.into()))
        .collect::<anyhow::Result<_>>()?;
    ensure!(!files.is_empty(), "there are no JPEGs in {}", folder.display());
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (next, made) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let began = Instant::now();
    let until = began + Duration::from_secs(seconds);
    thread::scope(|scope| {
        for _ in 0..cores {
            scope.spawn(|| {
                while Instant::now() < until {
                    let file = &files[next.fetch_add(1, Ordering::Relaxed) % files.len()];
                    make(file, keep).expect("it is a picture");
                    made.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    let (made, took) = (made.into_inner(), began.elapsed().as_secs_f64());
    let per_second = made as f64 / took;
    println!("{}", serde_json::to_string(&Told { thumbnails: made, per_second, milliseconds: cores as f64 * 1000.0 / per_second })?);
    Ok(())
}

fn make(file: &Bytes, keep: bool) -> Result<(), picture::NoPicture> {
    if keep {
        picture::keep(file.clone(), picture::size(file)?, THUMBNAIL_SIDE)?;
    } else {
        picture::thumbnail(file, THUMBNAIL_SIDE)?;
    }
    Ok(())
}
