//! The bits of a scan.

/// Bits from the highest down. A zero byte that follows FF is no part of them; any other that does is a marker, and the end.
pub struct Bits<'a> {
    rest: &'a [u8],
    /// What is read ahead, at the upper end.
    ahead: u64,
    have: u32,
    /// How many of those are not in the file, since it has ended.
    made_up: u32,
}

impl<'a> Bits<'a> {
    pub fn new(rest: &'a [u8]) -> Self {
        Self { rest, ahead: 0, have: 0, made_up: 0 }
    }

    /// Makes sure that 32 bits can be looked at.
    #[inline]
    pub fn fill(&mut self) {
        if self.have >= 32 {
            return;
        }
        if let Some((four, rest)) = self.rest.split_first_chunk::<4>() {
            let word = u32::from_be_bytes(*four);
            // Some byte is FF exactly when its complement has a zero byte.
            let turned = !word;
            if turned.wrapping_sub(0x0101_0101) & !turned & 0x8080_8080 == 0 {
                self.ahead |= u64::from(word) << (32 - self.have);
                self.have += 32;
                self.rest = rest;
                return;
            }
        }
        self.fill_slowly();
    }

    fn fill_slowly(&mut self) {
        while self.have <= 56 {
            let byte = match self.rest {
                [0xff, 0, rest @ ..] => {
                    self.rest = rest;
                    0xff
                }
                [0xff, ..] | [] => {
                    self.made_up += 8;
                    0
                }
                [byte, rest @ ..] => {
                    self.rest = rest;
                    *byte
                }
            };
            self.ahead |= u64::from(byte) << (56 - self.have);
            self.have += 8;
        }
    }

    /// The next bits, at most 16, without taking them.
    #[inline]
    pub fn peek(&self, bits: u32) -> usize {
        (self.ahead >> (64 - bits)) as usize
    }

    #[inline]
    pub fn take(&mut self, bits: u32) {
        self.ahead <<= bits;
        self.have -= bits;
    }

    /// A number of so many bits, at most 15, of which the lower half is negative.
    #[inline]
    pub fn number(&mut self, bits: u32) -> i32 {
        if bits == 0 {
            return 0;
        }
        let number = self.peek(bits) as i32;
        self.take(bits);
        if number < 1 << (bits - 1) { number - (1 << bits) + 1 } else { number }
    }

    /// What follows the bits, if they were all used but for less than a byte, and none was made up.
    pub fn end(self) -> Option<&'a [u8]> {
        let left = self.have.checked_sub(self.made_up)?;
        let at_a_marker = self.rest.first() == Some(&0xff) && self.rest.get(1) != Some(&0);
        (left < 8 && at_a_marker).then_some(self.rest)
    }
}
