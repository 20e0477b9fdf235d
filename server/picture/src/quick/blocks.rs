//! Blocks of 8 × 8 pixels, read as a few pixels each.

use super::{
    bits::Bits,
    codes::Codes,
    header::{Component, Header},
};
use crate::Picture;
use std::{array::from_fn, f32::consts::PI};

/// Where the frequencies of the file's order stand in a block: across + 8 × down.
const ORDER: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28, 35, 42, 49, 56,
    57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// One colour of the picture, shrunk.
struct Plane {
    values: Vec<u8>,
    row: usize,
    /// Pixels of each block, across and down.
    wide: usize,
    high: usize,
    /// Blocks of one unit.
    across: usize,
    down: usize,
    /// The last frequency that is used.
    last: usize,
    waves: [Vec<f32>; 2],
    steps: [i32; 64],
}

/// All three colours at the same size.
pub struct Shrunk {
    width: usize,
    height: usize,
    planes: Vec<Plane>,
}

impl Shrunk {
    /// Reads the scan to its end, with so many pixels each way for a block of the finest colour. `None` when anything is not as it
    /// should be.
    pub fn read(header: &Header<'_>, pixels: usize) -> Option<Self> {
        let most = header.most();
        let units = |side: u16, blocks: usize| usize::from(side).div_ceil(8 * blocks);
        let (across, down) = (units(header.width, most.0), units(header.height, most.1));
        let planes = header.components.iter().map(|component| Plane::new(header, component, pixels, most, (across, down)));
        let mut planes: Vec<_> = planes.collect::<Option<_>>()?;
        let codes = |component: &Component| {
            let [first, others] = &header.codes;
            Some((first[component.first].as_ref()?, others[component.others].as_ref()?))
        };
        let codes: Vec<_> = header.components.iter().map(codes).collect::<Option<_>>()?;
        let mut bits = Bits::new(header.scan);
        let mut levels = [0; 3];
        let (all, mut restarts) = (across * down, 0..8_u8);
        for unit in 0..all {
            if header.restart_after != 0 && unit != 0 && unit % header.restart_after == 0 {
                let number = restarts.next().unwrap_or_else(|| {
                    restarts = 1..8;
                    0
                });
                bits = Bits::new(bits.end()?.strip_prefix(&[0xff, 0xd0 + number])?);
                levels = [0; 3];
            }
            for ((plane, codes), level) in planes.iter_mut().zip(&codes).zip(&mut levels) {
                plane.read_unit(&mut bits, *codes, level, (unit % across, unit / across))?;
            }
        }
        let [0xff, 0xd9, ..] = bits.end()? else { return None };
        let side = |side: u16| (usize::from(side) * pixels).div_ceil(8);
        Some(Self { width: side(header.width), height: side(header.height), planes })
    }

    /// In red, green and blue.
    pub fn picture(&self) -> Picture {
        let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX);
        let mut picture = Picture::plain(side(self.width), side(self.height), [0; 3]);
        let [light, blue, red] = &self.planes[..] else { return picture };
        for (y, row) in picture.rgb.chunks_exact_mut(self.width * 3).enumerate() {
            let line = |plane: &Plane| plane.row * y..plane.row * y + self.width;
            let (light, blue, red) = (&light.values[line(light)], &blue.values[line(blue)], &red.values[line(red)]);
            for (x, pixel) in row.chunks_exact_mut(3).enumerate() {
                pixel.copy_from_slice(&colour(light[x].into(), i32::from(blue[x]) - 128, i32::from(red[x]) - 128));
            }
        }
        picture
    }
}

/// As JFIF has it, in parts of 65,536.
#[inline]
fn colour(light: i32, blue: i32, red: i32) -> [u8; 3] {
    let light = (light << 16) + 32_768;
    [light + 91_881 * red, light - 22_554 * blue - 46_802 * red, light + 116_130 * blue].map(|channel| (channel >> 16).clamp(0, 255) as u8)
}

impl Plane {
    fn new(header: &Header<'_>, component: &Component, pixels: usize, most: (usize, usize), units: (usize, usize)) -> Option<Self> {
        let Component { across, down, .. } = *component;
        // A colour with half as many blocks has blocks of twice as many pixels.
        let (wide, high) = (pixels * most.0 / across, pixels * most.1 / down);
        let row = units.0 * across * wide;
        let used = |at: &usize| usize::from(ORDER[*at] % 8) < wide && usize::from(ORDER[*at] / 8) < high;
        Some(Self {
            values: vec![0; row * units.1 * down * high],
            row,
            wide,
            high,
            across,
            down,
            last: (0..64).rfind(used)?,
            waves: [waves(wide), waves(high)],
            steps: *header.steps(component)?,
        })
    }

    fn read_unit(&mut self, bits: &mut Bits<'_>, codes: (&Codes, &Codes), level: &mut i32, (x, y): (usize, usize)) -> Option<()> {
        for down in 0..self.down {
            for across in 0..self.across {
                let mut block = [0_i32; 64];
                let flat = self.read_block(bits, codes, level, &mut block)?;
                let corner = (y * self.down + down) * self.high * self.row + (x * self.across + across) * self.wide;
                if flat {
                    let value = shade(block[0] as f32 / 8.0);
                    for line in 0..self.high {
                        let begins = corner + line * self.row;
                        self.values[begins..begins + self.wide].fill(value);
                    }
                } else if (self.wide, self.high) == (2, 2) {
                    self.draw_two(&block, corner);
                } else {
                    self.draw(&block, corner);
                }
            }
        }
        Some(())
    }

    /// The frequencies that are used, and whether they are all zero but the first.
    #[inline]
    fn read_block(&self, bits: &mut Bits<'_>, (first, others): (&Codes, &Codes), level: &mut i32, block: &mut [i32; 64]) -> Option<bool> {
        bits.fill();
        let size = first.symbol(bits)?;
        if size > 11 {
            return None;
        }
        *level = level.checked_add(bits.number(size.into()))?;
        block[0] = level.checked_mul(self.steps[0])?;
        let (mut at, mut flat) = (1, true);
        while at <= self.last {
            bits.fill();
            let symbol = others.symbol(bits)?;
            let (zeros, size) = (usize::from(symbol >> 4), symbol & 15);
            if size == 0 {
                match zeros {
                    0 => return Some(flat),
                    15 => at += 16,
                    _ => return None,
                }
                continue;
            }
            at += zeros;
            if at > 63 {
                return None;
            }
            let number = bits.number(size.into());
            if at <= self.last {
                block[usize::from(ORDER[at])] = number.wrapping_mul(self.steps[at]);
                flat = false;
            }
            at += 1;
        }
        pass_over(bits, others, at)?;
        Some(flat)
    }

    /// Two pixels each way: there is one wave, and it has one height.
    fn draw_two(&mut self, block: &[i32; 64], corner: usize) {
        let [level, across, down, both] = [block[0], block[1], block[8], block[9]];
        let sum = |across: i32, down: i32, both: i32| level.wrapping_add(across).wrapping_add(down).wrapping_add(both);
        // What no encoder writes may overflow; it shows something, as any damage does.
        let put = |sum: i32| (((sum.wrapping_add(4)) >> 3) + 128).clamp(0, 255) as u8;
        self.values[corner] = put(sum(across, down, both));
        self.values[corner + 1] = put(sum(across.wrapping_neg(), down, both.wrapping_neg()));
        self.values[corner + self.row] = put(sum(across, down.wrapping_neg(), both.wrapping_neg()));
        self.values[corner + self.row + 1] = put(sum(across.wrapping_neg(), down.wrapping_neg(), both));
    }

    fn draw(&mut self, block: &[i32; 64], corner: usize) {
        let (wide, high) = (self.wide, self.high);
        let [across, down] = &self.waves;
        let mut columns = [0.0_f32; 64];
        for v in 0..high {
            for x in 0..wide {
                columns[v * 8 + x] = (0..wide).map(|u| block[v * 8 + u] as f32 * across[x * wide + u]).sum();
            }
        }
        for y in 0..high {
            for x in 0..wide {
                let value: f32 = (0..high).map(|v| columns[v * 8 + x] * down[y * high + v]).sum();
                self.values[corner + y * self.row + x] = shade(value);
            }
        }
    }
}

/// To the end of the block, from the frequency `at` on.
#[inline]
fn pass_over(bits: &mut Bits<'_>, codes: &Codes, mut at: usize) -> Option<()> {
    while at < 64 {
        bits.fill();
        let passed = codes.pass(bits);
        let next = at + usize::from(passed.frequencies);
        if passed.bits != 0 && next < 64 {
            bits.take(passed.bits.into());
            at = next;
            if passed.ends {
                return Some(());
            }
            continue;
        }
        // One at a time, since the block may end among them.
        let symbol = codes.symbol(bits)?;
        let (zeros, size) = (usize::from(symbol >> 4), symbol & 15);
        match (zeros, size) {
            (0, 0) => return Some(()),
            (1..15, 0) => return None,
            _ => {}
        }
        at += zeros + 1;
        if at > 64 {
            return None;
        }
        bits.take(size.into());
    }
    // A block may end with its last frequency; it may not go on behind it.
    (at == 64).then_some(())
}

fn shade(value: f32) -> u8 {
    (value + 128.5).clamp(0.0, 255.0) as u8
}

/// Heights of the first waves at so many pixels.
fn waves(pixels: usize) -> Vec<f32> {
    let height = |x: usize, u: usize| {
        let scale = if u == 0 { std::f32::consts::FRAC_1_SQRT_2 } else { 1.0 };
        0.5 * scale * ((2 * x + 1) as f32 * u as f32 * PI / (2 * pixels) as f32).cos()
    };
    let rows: [Vec<f32>; 8] = from_fn(|x| (0..pixels).map(|u| height(x, u)).collect());
    rows.into_iter().take(pixels).flatten().collect()
}
