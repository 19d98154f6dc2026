//! Busy loops, for as long as this lives.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

pub struct Load {
    stop: Arc<AtomicBool>,
    burners: Vec<JoinHandle<()>>,
}

impl Load {
    pub fn of(burners: usize) -> Load {
        let stop = Arc::new(AtomicBool::new(false));
        let burn = |_| {
            let stop = Arc::clone(&stop);
            thread::spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    std::hint::spin_loop();
                }
            })
        };
        Load {
            burners: (0..burners).map(burn).collect(),
            stop,
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for burner in self.burners.drain(..) {
            burner.join().unwrap();
        }
    }
}
