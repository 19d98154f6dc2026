//! What is followed from look to look.

/// The address of a future, or the number that its runtime gave a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Root(u64),
    Task(u64),
    /// One of several that another waits for, by its address.
    Branch(u64, u64),
}

impl Key {
    pub(super) fn root(self) -> u64 {
        match self {
            Key::Root(root) | Key::Task(root) | Key::Branch(root, _) => root,
        }
    }

    pub(super) fn is_within(self, other: Key) -> bool {
        self.root() == other.root()
    }
}
