//! Huffman's codes of a JPEG, as tables.

use super::bits::Bits;

/// Codes up to this length, which are nearly all, are looked up at once.
const FAST: u32 = 12;
const LONGEST: usize = 16;

/// Some of a block's frequencies that can be passed over together.
#[derive(Clone, Copy, Default)]
pub struct Passed {
    pub bits: u8,
    /// How many frequencies, with the zeros among them.
    pub frequencies: u8,
    /// The block ends with them.
    pub ends: bool,
}

pub struct Codes {
    /// For each beginning the symbol and the length of its code; length 0 for longer ones.
    fast: Vec<(u8, u8)>,
    /// By length: the first code that is longer, filled up to 16 bits; and what leads from a code to its symbol.
    beyond: [u32; LONGEST + 1],
    offset: [i32; LONGEST + 1],
    symbols: Vec<u8>,
    pub passed: Vec<Passed>,
}

impl Codes {
    /// From how many codes of each length there are, and their symbols.
    pub fn new(counts: &[u8; LONGEST], symbols: &[u8]) -> Option<Self> {
        let mut fast = vec![(0, 0); 1 << FAST];
        let (mut beyond, mut offset) = ([0; LONGEST + 1], [0; LONGEST + 1]);
        let (mut code, mut next) = (0_u32, 0_usize);
        for length in 1..=LONGEST {
            let count = usize::from(counts[length - 1]);
            offset[length] = i32::try_from(next).ok()? - i32::try_from(code).ok()?;
            for symbol in symbols.get(next..next + count)? {
                let bits = u32::try_from(length).ok()?;
                if code >> bits != 0 {
                    return None;
                }
                if bits <= FAST {
                    let first = usize::try_from(code << (FAST - bits)).ok()?;
                    fast[first..first + (1 << (FAST - bits))].fill((*symbol, u8::try_from(length).ok()?));
                }
                code += 1;
            }
            next += count;
            beyond[length] = code << (LONGEST - length);
            code <<= 1;
        }
        let passed = passed(&fast);
        (next == symbols.len()).then(|| Self { fast, beyond, offset, symbols: symbols.to_vec(), passed })
    }

    /// The next symbol; there have to be 16 bits to look at.
    #[inline]
    pub fn symbol(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let (symbol, length) = self.fast[bits.peek(FAST)];
        if length != 0 {
            bits.take(length.into());
            return Some(symbol);
        }
        self.long_symbol(bits)
    }

    fn long_symbol(&self, bits: &mut Bits<'_>) -> Option<u8> {
        let ahead = bits.peek(16) as u32;
        let length = (FAST as usize + 1..=LONGEST).find(|length| ahead < self.beyond[*length])?;
        let code = i32::try_from(ahead >> (LONGEST - length)).ok()?;
        bits.take(u32::try_from(length).ok()?);
        self.symbols.get(usize::try_from(code + self.offset[length]).ok()?).copied()
    }

    /// What the next bits pass over.
    #[inline]
    pub fn pass(&self, bits: &Bits<'_>) -> Passed {
        self.passed[bits.peek(FAST)]
    }
}

/// For each beginning, as many frequencies as it holds whole: their codes and the numbers behind them.
fn passed(fast: &[(u8, u8)]) -> Vec<Passed> {
    let mask = fast.len() - 1;
    let pass = |beginning: usize| {
        let mut passed = Passed::default();
        loop {
            let (symbol, length) = fast[(beginning << passed.bits) & mask];
            let (zeros, number) = (symbol >> 4, symbol & 15);
            let bits = passed.bits + length + number;
            // What the beginning does not hold whole is looked at when its turn comes.
            if length == 0 || u32::from(bits) > FAST || (number == 0 && zeros != 0 && zeros != 15) {
                return passed;
            }
            passed.bits = bits;
            if symbol == 0 {
                passed.ends = true;
                return passed;
            }
            passed.frequencies += zeros + 1;
        }
    };
    (0..fast.len()).map(pass).collect()
}
