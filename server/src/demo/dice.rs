//! Chance that always falls the same way: a small seeded generator, one stream for each subject.

use domain::time::Moment;
use uuid::Uuid;

/// SplitMix64. Plenty for a demo; never for anything secret.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// A stream of its own for each subject and number: no draw for one can shift another's.
    pub fn new(seed: u64, subject: &str, number: u64) -> Self {
        // FNV-1a over the subject's name.
        let subject = subject.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        let mut dice = Self(seed ^ subject.rotate_left(17) ^ number.wrapping_mul(0xd605_bbb5_8c8a_bc03));
        dice.next();
        dice
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to `n - 1`; 0 when `n` is 0.
    pub fn below(&mut self, n: u32) -> u32 {
        let scaled = ((self.next() >> 32) * u64::from(n)) >> 32;
        u32::try_from(scaled).unwrap_or_default()
    }

    /// `min` to `max`, both included.
    pub fn between(&mut self, min: i32, max: i32) -> i32 {
        let span = max.saturating_sub(min).saturating_add(1);
        min.saturating_add_unsigned(self.below(u32::try_from(span).unwrap_or_default()))
    }

    pub fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// Position in something of this length.
    pub fn index(&mut self, length: usize) -> usize {
        let length = u32::try_from(length).unwrap_or(u32::MAX);
        usize::try_from(self.below(length)).unwrap_or_default()
    }

    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    /// Position of one weight, drawn in proportion to it.
    pub fn weighted(&mut self, weights: impl Iterator<Item = u32> + Clone) -> usize {
        let mut left = self.below(weights.clone().sum());
        for (position, weight) in weights.enumerate() {
            if left < weight {
                return position;
            }
            left -= weight;
        }
        0
    }

    /// A UUIDv7 as a device would have made it at that time.
    pub fn id(&mut self, at: Moment) -> Uuid {
        let [a, b] = [self.next().to_le_bytes(), self.next().to_le_bytes()];
        let millis = u64::try_from(at.millis()).unwrap_or_default();
        domain::ids::uuid_v7(millis, [a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], b[0], b[1]])
    }
}
