//! What delays a program: no processor for one thread, a stop of all, timers that fire late. Times are microseconds.

use repro::random::Random;

/// A stretch of time.
pub type Stretch = (u64, u64);

/// The delays of one trial.
#[derive(Debug, Clone, Default)]
pub struct Delays {
    /// Stretches in which a thread gets no processor, by its number.
    pub starved: Vec<(usize, Stretch)>,
    /// Stretches in which the program is stopped.
    pub stopped: Vec<Stretch>,
    /// Stretches in which no timer fires.
    pub timers: Vec<Stretch>,
    /// Stretches in which nothing runs and nobody is told: the hypervisor has the processor.
    pub stolen: Vec<Stretch>,
}

impl Delays {
    /// Delays of `amount` in all at most, for a program of so many threads that lasts about `lasts`.
    pub fn draw(
        random: &mut Random,
        threads: usize,
        lasts: u64,
        amount: u64,
        steal: bool,
    ) -> Delays {
        let mut delays = Delays::default();
        let parts = random.within(1, 4);
        let length = amount / parts;
        let burst = random.percent(30).then(|| random.within(0, lasts));
        // A slow start delays all that follows alike; what has to be done alone by one thread is not begun.
        let slow = threads > 1 && random.percent(30);
        let begun = if slow {
            random.within(1_000, 800_000)
        } else {
            0
        };
        if slow {
            delays.starved.push((0, (0, begun)));
        }
        for part in 0..parts {
            let from = match burst {
                Some(at) => at + part * (length + 500),
                None => random.within(0, lasts),
            };
            let stretch = (begun + from, begun + from + length);
            match random.within(0, if steal { 4 } else { 3 }) {
                0 | 1 => {
                    let thread = random.within(0, threads as u64 - 1);
                    delays.starved.push((thread as usize, stretch));
                }
                2 => delays.stopped.push(stretch),
                3 => delays.timers.push(stretch),
                _ => delays.stolen.push(stretch),
            }
        }
        delays
    }

    /// The end of a stretch that holds `at`, and whether that is a wait of the thread for a processor.
    pub fn held(&self, thread: usize, at: u64) -> Option<(u64, bool)> {
        let holds = |&&(from, until): &&Stretch| from <= at && at < until;
        let frozen = self.stopped.iter().chain(&self.stolen).find(holds);
        if let Some(&(_, until)) = frozen {
            return Some((until, false));
        }
        let own = self.starved.iter().filter(|(whose, _)| *whose == thread);
        let own = own.map(|(_, stretch)| stretch);
        own.clone().find(holds).map(|&(_, until)| (until, true))
    }

    /// Where the next stretch begins that holds a thread up.
    pub fn next(&self, thread: usize, after: u64) -> u64 {
        let own = self.starved.iter().filter(|(whose, _)| *whose == thread);
        let all = own
            .map(|(_, stretch)| stretch)
            .chain(&self.stopped)
            .chain(&self.stolen);
        let later = all.map(|(from, _)| *from).filter(|from| *from >= after);
        later.min().unwrap_or(u64::MAX)
    }

    /// When a timer fires that is due at `due`.
    pub fn fires(&self, due: u64) -> u64 {
        let late = self.timers.iter().chain(&self.stolen);
        let late = late.filter(|(from, until)| *from <= due && due < *until);
        late.map(|(_, until)| *until).max().unwrap_or(due)
    }
}
