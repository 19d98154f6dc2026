//! Orders and times of the events of a sketch.

use super::participants::Item;
use super::sketch::Sketch;
use crate::random::Random;

const MS: u64 = 1_000_000;

impl Sketch {
    /// The places of the items in an order that keeps to all that is known; `None` if that is a circle.
    pub fn ordered(&self, random: &mut Random) -> Option<Vec<usize>> {
        let mut waits = vec![0_usize; self.items.len()];
        self.before.iter().for_each(|(_, later)| waits[*later] += 1);
        let mut ready: Vec<usize> = (0..waits.len()).filter(|i| waits[*i] == 0).collect();
        let mut order = Vec::new();
        while !ready.is_empty() {
            let next = ready.swap_remove(random.below(ready.len()));
            order.push(next);
            for (_, later) in self.before.range((next, 0)..=(next, usize::MAX)) {
                waits[*later] -= 1;
                if waits[*later] == 0 {
                    ready.push(*later);
                }
            }
        }
        (order.len() == self.items.len()).then_some(order)
    }

    /// The items in that order with times, nanoseconds: programs wait before something ends, and hardly elsewhere.
    pub fn timed(&self, order: &[usize], random: &mut Random) -> Vec<(&Item, u64)> {
        let mut now = 0;
        let mut after_an_end = false;
        let place = |i: &usize| {
            let is_end = self.ends.contains(i);
            let waits = match (is_end, after_an_end) {
                (true, false) => 85,
                (true, true) => 40,
                (false, _) => 12,
            };
            after_an_end = is_end;
            if *i != 0 {
                now += if random.percent(waits) {
                    self.wait_ns(random)
                } else {
                    MS
                };
            }
            (&self.items[*i], now)
        };
        order.iter().map(place).collect()
    }

    /// One of the lengths that are asked for, or a few times half a second.
    fn wait_ns(&self, random: &mut Random) -> u64 {
        let asked = self.lengths_ns.get(random.below(self.lengths_ns.len()));
        match asked.filter(|_| random.percent(60)) {
            Some(length_ns) => *length_ns,
            None => [1, 1, 1, 1, 2, 3][random.below(6)] * 500 * MS,
        }
    }
}
