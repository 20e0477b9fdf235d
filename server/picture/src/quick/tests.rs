use super::*;
use crate::{jpeg, read};
use jpeg_encoder::{ColorType, Encoder, SamplingFactor};
use proptest::prelude::*;

/// Soft shapes and grain.
fn painting(width: u32, height: u32) -> Picture {
    let mut picture = Picture::plain(width, height, [0; 3]);
    let mut noise = 1_u32;
    for (n, pixel) in (0..).zip(picture.rgb.chunks_exact_mut(3)) {
        let (x, y) = ((n % width) as f32 / width as f32, (n / width) as f32 / height as f32);
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let grain = ((noise >> 24) & 15) as f32;
        let wave = |phase: f32| (128.0 + 90.0 * (x * 9.0 + y * 5.0 + phase).sin() + grain) as u8;
        pixel.copy_from_slice(&[wave(0.0), wave(1.0), wave(2.5)]);
    }
    picture
}

fn encoded(picture: &Picture, sampling: SamplingFactor, restart: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, 90);
    encoder.set_sampling_factor(sampling);
    encoder.set_restart_interval(restart);
    encoder.encode(&picture.rgb, picture.width as u16, picture.height as u16, ColorType::Rgb).unwrap();
    bytes
}

/// The mean of how much each channel differs.
fn difference(one: &Picture, other: &Picture) -> f64 {
    assert_eq!((one.width, one.height), (other.width, other.height));
    let sum: u64 = one.rgb.iter().zip(&other.rgb).map(|(one, other)| u64::from(one.abs_diff(*other))).sum();
    sum as f64 / one.rgb.len() as f64
}

#[test]
fn it_looks_like_the_long_way_whatever_the_sampling_and_size() {
    use SamplingFactor::{F_1_1, F_1_2, F_2_1, F_2_2};
    for (width, height) in [(2560, 1920), (1003, 1777), (900, 641), (1921, 480)] {
        let picture = painting(width, height);
        for (sampling, restart) in [(F_1_1, 0), (F_2_2, 0), (F_2_1, 7), (F_1_2, 1), (F_2_2, 11)] {
            let file = encoded(&picture, sampling, restart);
            let quick = within(&file, 360).expect("it is of the usual kind").unwrap();
            let long = shrink::within(&read(&file).unwrap(), 360).unwrap();
            let difference = difference(&quick, &long);
            assert!(difference < 2.0, "{width} × {height}, {sampling:?}: {difference}");
        }
    }
}

#[test]
fn what_is_not_whole_or_has_more_in_it_takes_the_long_way() {
    let file = encoded(&painting(1000, 800), SamplingFactor::F_2_2, 5);
    assert!(within(&file, 360).is_some());
    let end = file.len() - 2;
    assert!(within(&file[..end], 360).is_none());
    assert!(within(&[&file[..end / 2], &[0xff, 0xd9]].concat(), 360).is_none());
    // Bytes between the last code and the end.
    assert!(within(&[&file[..end], b"<html>".as_slice(), &[0xff, 0xd9]].concat(), 360).is_none());
    assert!(within(&jpeg(&painting(300, 200), 90).unwrap(), 360).is_none(), "small enough as it is");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_damage_can_be_read(at in any::<prop::sample::Index>(), byte in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut file = encoded(&painting(640, 480), SamplingFactor::F_2_2, 9);
        let at = at.index(file.len());
        file[at] = byte;
        let _ = within(&file, 360);
        file.truncate(cut.index(file.len()));
        let _ = within(&file, 360);
        // The tables stand at the beginning: damage there is worse.
        let mut file = encoded(&painting(640, 480), SamplingFactor::F_1_1, 0);
        file[at % 640] = byte;
        let _ = within(&file, 360);
    }
}
