//! What an edit without versions is based on.

use leptos::prelude::*;

/// What was saved when the editing began. The server takes an edit only while that still stands there.
pub struct Basis<T: Send + Sync + 'static> {
    was: RwSignal<T>,
    /// What one's own last save replaced: the catalogue on this device shows it for a moment longer.
    replaced: RwSignal<Option<T>>,
}

// Signals can be copied whatever they hold; what `derive` writes would ask that of `T`, too.
impl<T: Send + Sync + 'static> Clone for Basis<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Basis<T> {}

impl<T: Clone + PartialEq + Send + Sync + 'static> Basis<T> {
    pub fn new(saved: T) -> Self {
        Self { was: RwSignal::new(saved), replaced: RwSignal::new(None) }
    }

    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        self.was.with(look)
    }

    pub fn get_untracked(&self) -> T {
        self.was.get_untracked()
    }

    /// Whether somebody else saved something meanwhile.
    pub fn is_outdated(&self, stands: &T) -> bool {
        self.was.with(|was| was != stands) && self.replaced.with(|replaced| replaced.as_ref() != Some(stands))
    }

    /// Goes on from what was saved. The page may be gone.
    pub fn replace(&self, now: T) {
        let replaced = self.was.try_get_untracked();
        self.replaced.try_set(replaced);
        self.was.try_set(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leptos::reactive::owner::Owner;

    #[test]
    fn ones_own_save_is_not_somebody_elses() {
        let owner = Owner::new();
        owner.set();
        let basis = Basis::new(15);
        assert!(!basis.is_outdated(&15) && basis.is_outdated(&16));
        basis.replace(20);
        assert!(!basis.is_outdated(&15) && !basis.is_outdated(&20) && basis.is_outdated(&16));
    }
}
