//! What comes before the scan.

use super::codes::Codes;
use domain::photo::LONGEST_SIDE;
use std::array::from_fn;

/// A colour: how much of it there is, and by which tables it was written.
pub struct Component {
    id: u8,
    /// Blocks in one unit of the scan, across and down.
    pub across: usize,
    pub down: usize,
    table: usize,
    pub first: usize,
    pub others: usize,
}

pub struct Header<'a> {
    pub width: u16,
    pub height: u16,
    pub components: Vec<Component>,
    /// Steps of each frequency, in the order of the file.
    steps: [Option<[i32; 64]>; 4],
    /// For the first frequency of each block, and for the others.
    pub codes: [[Option<Codes>; 4]; 2],
    /// Units between two restarts; 0 for none.
    pub restart_after: usize,
    pub scan: &'a [u8],
}

impl<'a> Header<'a> {
    /// `None` for every file that is not of the usual kind.
    pub fn read(file: &'a [u8]) -> Option<Self> {
        let mut header = Self {
            width: 0,
            height: 0,
            components: vec![],
            steps: [None; 4],
            codes: from_fn(|_| from_fn(|_| None)),
            restart_after: 0,
            scan: &[],
        };
        let mut rest = file.strip_prefix(&[0xff, 0xd8])?;
        loop {
            let [0xff, marker, high, low, ..] = *rest else { return None };
            let length = usize::from(u16::from_be_bytes([high, low]));
            let body = rest.get(4..2 + length)?;
            rest = &rest[2 + length..];
            match marker {
                0xe0 => {}
                0xdb => header.read_steps(body)?,
                0xc4 => header.read_codes(body)?,
                0xdd => header.restart_after = usize::from(u16::from_be_bytes([*body.first()?, *body.get(1)?])),
                0xc0 if header.components.is_empty() => header.read_frame(body)?,
                0xda => {
                    header.read_scan(body)?;
                    header.scan = rest;
                    return Some(header);
                }
                _ => return None,
            }
        }
    }

    pub fn steps(&self, component: &Component) -> Option<&[i32; 64]> {
        self.steps[component.table].as_ref()
    }

    /// The most blocks of any colour in one unit, across and down.
    pub fn most(&self) -> (usize, usize) {
        let most = |count: fn(&Component) -> usize| self.components.iter().map(count).max().unwrap_or(1);
        (most(|component| component.across), most(|component| component.down))
    }

    fn read_steps(&mut self, mut body: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = body {
            let (wide, table) = (head >> 4, usize::from(head & 15));
            let bytes = match wide {
                0 => 1,
                1 => 2,
                _ => return None,
            };
            let values = rest.get(..64 * bytes)?;
            let value = |at: usize| values[at * bytes..(at + 1) * bytes].iter().fold(0, |sum, byte| sum << 8 | i32::from(*byte));
            *self.steps.get_mut(table)? = Some(from_fn(value));
            body = &rest[64 * bytes..];
        }
        Some(())
    }

    fn read_codes(&mut self, mut body: &[u8]) -> Option<()> {
        while let [head, rest @ ..] = body {
            let (counts, rest) = rest.split_first_chunk::<16>()?;
            let symbols: usize = counts.iter().map(|count| usize::from(*count)).sum();
            let codes = Codes::new(counts, rest.get(..symbols)?)?;
            *self.codes.get_mut(usize::from(head >> 4))?.get_mut(usize::from(head & 15))? = Some(codes);
            body = &rest[symbols..];
        }
        Some(())
    }

    fn read_frame(&mut self, body: &[u8]) -> Option<()> {
        let [8, h1, h2, w1, w2, 3, components @ ..] = body else { return None };
        (self.height, self.width) = (u16::from_be_bytes([*h1, *h2]), u16::from_be_bytes([*w1, *w2]));
        let component = |bytes: &[u8]| Component {
            id: bytes[0],
            across: usize::from(bytes[1] >> 4),
            down: usize::from(bytes[1] & 15),
            table: usize::from(bytes[2] & 3),
            first: 0,
            others: 0,
        };
        self.components = components.chunks_exact(3).map(component).collect();
        // Other names mean other colours than these three.
        let named: Vec<_> = self.components.iter().map(|component| component.id).collect();
        let sampled = |component: &Component| matches!(component.across, 1 | 2) && matches!(component.down, 1 | 2);
        let usual = matches!(named[..], [1, 2, 3] | [0, 1, 2]) && self.components.iter().all(sampled);
        let sides = 1..=LONGEST_SIDE;
        (usual && components.len() == 9 && sides.contains(&self.width) && sides.contains(&self.height)).then_some(())
    }

    fn read_scan(&mut self, body: &[u8]) -> Option<()> {
        let [3, rest @ ..] = body else { return None };
        let (named, how) = rest.split_at_checked(6)?;
        if how != [0, 63, 0] || self.components.len() != 3 {
            return None;
        }
        for (component, named) in self.components.iter_mut().zip(named.chunks_exact(2)) {
            if component.id != named[0] {
                return None;
            }
            (component.first, component.others) = (usize::from(named[1] >> 4 & 3), usize::from(named[1] & 3));
        }
        Some(())
    }
}
