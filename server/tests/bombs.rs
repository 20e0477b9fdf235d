//! Files that promise more than they hold, or hold more than they may: refused or drawn, in bounded memory. Alone in its process,
//! because it is the process's memory that is measured.

#[path = "sync/photos/files.rs"]
#[expect(dead_code, reason = "others use the rest")]
mod files;

use picture::{Kept, NoPicture};

/// More than any photograph needs while it is drawn anew, and far less than a bomb wants.
const MOST_KIBIBYTES: u64 = 160 * 1024;

fn keep(file: Vec<u8>, size: (u16, u16)) -> Result<Kept, NoPicture> {
    picture::keep(file.into(), size, 360)
}

/// The process's memory, in kibibytes, by its name in the system's table.
fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim_start_matches(':').trim().trim_end_matches(" kB").parse().unwrap()
}

/// How much more memory than before the work has needed at its worst.
fn growth<T>(work: impl FnOnce() -> T) -> (T, u64) {
    // From here on the peak is counted anew.
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    let before = memory("VmRSS");
    let done = work();
    (done, memory("VmHWM").saturating_sub(before))
}

fn refused(what: &str, file: Vec<u8>, size: (u16, u16)) {
    let (kept, growth) = growth(|| keep(file, size));
    assert!(kept.is_err(), "{what} was kept");
    assert!(growth < MOST_KIBIBYTES, "{what}: {growth} KiB");
}

/// A PNG with a chunk put in behind its header.
fn with_chunk(file: &[u8], kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let mut checked = kind.to_vec();
    checked.extend(body);
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&file[..33], &length, &checked, &files::crc(&checked).to_be_bytes(), &file[33..]].concat()
}

/// Zeros without end, as zlib writes them: what a PNG of that many rows holds.
fn squeezed_zeros() -> Vec<u8> {
    let tall = files::png(2560, 20_000, &vec![0; 2560 * 20_000 * 3]);
    let data = tall.windows(4).position(|four| four == b"IDAT").unwrap();
    let length = usize::try_from(u32::from_be_bytes(tall[data - 4..data].try_into().unwrap())).unwrap();
    tall[data + 4..data + 4 + length].to_vec()
}

#[test]
fn bombs_are_refused_and_the_largest_photograph_is_kept_in_bounded_memory() {
    refused("a JPEG of 60,000 pixels each way", files::jpeg_bomb(), (2560, 2560));
    refused("a PNG of 60,000 pixels each way", files::png_bomb(), (2560, 2560));
    refused("a PNG one pixel too wide", files::png(2561, 10, &vec![0; 2561 * 10 * 3]), (2561, 10));
    let large = files::with_segment(&files::small(), 0xe1, b"Exif\0\0MM\0*\xff\xff\xff\xff");
    refused("another size than the record says", large, (2560, 2560));

    // Much more in it than its rows need, in its text and in its profile: nobody unpacks that.
    let pixels = files::picture(300, 300, 0).rgb;
    let zeros = squeezed_zeros();
    let text = [b"Comment\0\0".as_slice(), &zeros].concat();
    let profile = [b"sRGB\0\0".as_slice(), &zeros].concat();
    for (kind, body) in [(b"zTXt", text), (b"iCCP", profile)] {
        let file = with_chunk(&files::png(300, 300, &pixels), kind, &body);
        let (kept, growth) = growth(|| keep(file, (300, 300)));
        assert!(kept.is_ok_and(|kept| kept.picture.len() < 100_000), "{kind:?}");
        assert!(growth < MOST_KIBIBYTES, "{kind:?}: {growth} KiB");
    }
    // Scans without end.
    let mut scans = files::progressive();
    scans.truncate(scans.len() - 2);
    let last = scans.windows(2).rposition(|two| two == [0xff, 0xda]).unwrap();
    let scan = scans[last..].to_vec();
    for _ in 0..2_000 {
        scans.extend(&scan);
    }
    scans.extend([0xff, 0xd9]);
    refused("a JPEG of two thousand scans", scans, (400, 300));

    // The largest that may be, drawn anew.
    let largest = picture::jpeg(&files::picture(2560, 2560, 30), 92).unwrap();
    let largest = files::with_segment(&largest, 0xe1, b"Exif\0\0");
    let (kept, growth) = growth(|| keep(largest, (2560, 2560)));
    assert!(kept.is_ok_and(|kept| kept.picture.len() > 1_000_000));
    assert!(growth < MOST_KIBIBYTES, "the largest photograph: {growth} KiB");
    assert!(matches!(keep(files::jpeg_bomb(), (2560, 2560)), Err(NoPicture::TooLarge)));
}
