//! What overlaps in one column stands side by side.

/// Where something stands among those it overlaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lane {
    /// From 0, from the left.
    pub lane: usize,
    /// How many lanes there are at its time.
    pub of: usize,
}

/// A lane for each span (from, to). Those that touch each other in a chain share one number of lanes, so that their edges
/// align; each has the first lane that is free when it begins.
pub fn lanes(spans: &[(u16, u16)]) -> Vec<Lane> {
    let mut order: Vec<usize> = (0..spans.len()).collect();
    order.sort_by_key(|n| (spans[*n].0, std::cmp::Reverse(spans[*n].1)));
    let mut placed = vec![Lane { lane: 0, of: 1 }; spans.len()];
    // When each lane of the chain is free again, and who belongs to it.
    let (mut free_from, mut chain): (Vec<u16>, Vec<usize>) = (Vec::new(), Vec::new());
    for n in order {
        let (from, to) = spans[n];
        if free_from.iter().all(|free| *free <= from) {
            close(&mut placed, &mut chain, free_from.len());
            free_from.clear();
        }
        let lane = free_from.iter().position(|free| *free <= from).unwrap_or(free_from.len());
        if lane == free_from.len() {
            free_from.push(to);
        } else {
            free_from[lane] = to;
        }
        placed[n].lane = lane;
        chain.push(n);
    }
    close(&mut placed, &mut chain, free_from.len());
    placed
}

fn close(placed: &mut [Lane], chain: &mut Vec<usize>, lanes: usize) {
    for n in chain.drain(..) {
        placed[n].of = lanes.max(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(spans: &[(u16, u16)]) -> Vec<(usize, usize)> {
        lanes(spans).into_iter().map(|lane| (lane.lane, lane.of)).collect()
    }

    #[test]
    fn what_does_not_overlap_has_the_whole_width() {
        assert_eq!(drawn(&[]), []);
        assert_eq!(drawn(&[(540, 570), (570, 600), (615, 700)]), [(0, 1), (0, 1), (0, 1)]);
    }

    #[test]
    fn what_overlaps_stands_side_by_side_and_lanes_are_used_again() {
        assert_eq!(drawn(&[(540, 600), (555, 585)]), [(0, 2), (1, 2)]);
        // The third begins when the second is over; the fourth stands alone.
        assert_eq!(drawn(&[(540, 660), (550, 580), (580, 640), (700, 730)]), [(0, 2), (1, 2), (1, 2), (0, 1)]);
        // In whatever order they come.
        assert_eq!(drawn(&[(580, 640), (700, 730), (540, 660), (550, 580)]), [(1, 2), (0, 1), (0, 2), (1, 2)]);
    }

    #[test]
    fn nothing_ever_covers_anything_else() {
        let mut seed = 7_u32;
        let mut dice = |n: u16| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            u16::try_from(seed >> 16).unwrap() % n
        };
        for _ in 0..200 {
            let spans: Vec<_> = (0..dice(14)).map(|_| (dice(600), 5 + dice(200))).map(|(from, length)| (from, from + length)).collect();
            let placed = lanes(&spans);
            for a in 0..spans.len() {
                assert!(placed[a].lane < placed[a].of);
                for b in 0..a {
                    if spans[a].0 < spans[b].1 && spans[b].0 < spans[a].1 {
                        assert!(placed[a].lane != placed[b].lane && placed[a].of == placed[b].of, "{spans:?}");
                    }
                }
            }
        }
    }
}
