//! Clients and accounts that are kept from one call to the next, each beside what it was made from: its address, its trust,
//! its sealed secret. Whoever comes with something else gets a new one, and the old one's session ends.

use std::{collections::HashMap, hash::Hash};

pub(crate) struct Made<K, F, V>(HashMap<K, (F, V)>);

impl<K, F, V> Default for Made<K, F, V> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<K: Eq + Hash, F: PartialEq, V> Made<K, F, V> {
    /// The one that was made from this and from nothing else.
    pub fn made_from(&mut self, key: &K, from: &F) -> Option<&mut V> {
        self.0.get_mut(key).filter(|(known, _)| known == from).map(|(_, made)| made)
    }

    /// The one that there is, whatever it was made from.
    pub fn present(&self, key: &K) -> Option<&V> {
        self.0.get(key).map(|(_, made)| made)
    }

    /// In the place of an older one, which is handed out.
    pub fn put(&mut self, key: K, from: F, made: V) -> Option<V> {
        self.0.insert(key, (from, made)).map(|(_, old)| old)
    }

    pub fn take(&mut self, key: &K) -> Option<V> {
        self.0.remove(key).map(|(_, made)| made)
    }

    pub fn take_all(&mut self) -> Vec<V> {
        self.0.drain().map(|(_, (_, made))| made).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Made;

    #[test]
    fn another_secret_is_never_answered_with_what_the_old_one_made() {
        let mut made = Made::default();
        assert_eq!(made.put(1, ("host", b"old".to_vec()), "first"), None);
        assert_eq!(made.made_from(&1, &("host", b"old".to_vec())), Some(&mut "first"));
        assert_eq!(made.made_from(&1, &("host", b"new".to_vec())), None);
        assert_eq!(made.made_from(&1, &("elsewhere", b"old".to_vec())), None);
        assert_eq!(made.present(&1), Some(&"first"));
        assert_eq!(made.put(1, ("host", b"new".to_vec()), "second"), Some("first"), "whose session is to end");
        assert_eq!(made.take(&1), Some("second"));
        assert!(made.take_all().is_empty());
    }
}
