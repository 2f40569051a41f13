//! Argon2id in memory that is taken once for all that wait, and given back: each hash fills 19 MB, as much as the rest of an
//! idle console.

use argon2::{
    Algorithm, Argon2, Block, CustomizedPasswordHasher, Params, PasswordHasher, Version,
    password_hash::{
        self, Error,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
};
use std::cell::RefCell;

#[derive(Default)]
pub struct Hasher(RefCell<Vec<Block>>);

impl Hasher {
    /// Nobody waits: the memory goes back.
    pub fn rest(&self) {
        self.0.take();
    }
}

impl PasswordHasher<PasswordHash> for Hasher {
    /// With the crate's recommended cost.
    fn hash_password_with_salt(&self, password: &[u8], salt: &[u8]) -> password_hash::Result<PasswordHash> {
        self.hash_password_customized(password, salt, None, None, Params::default())
    }
}

impl CustomizedPasswordHasher<PasswordHash> for Hasher {
    type Params = Params;

    fn hash_password_customized(
        &self,
        password: &[u8],
        salt: &[u8],
        algorithm: Option<&str>,
        version: Option<password_hash::Version>,
        params: Params,
    ) -> password_hash::Result<PasswordHash> {
        let algorithm = algorithm.map(Algorithm::try_from).transpose()?.unwrap_or_default();
        let version = version.map(Version::try_from).transpose()?.unwrap_or_default();
        let salt = Salt::new(salt)?;
        let argon = Argon2::new(algorithm, version, params);
        let mut buffer = [0; Output::MAX_LENGTH];
        let length = argon.params().output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
        let out = buffer.get_mut(..length).ok_or(Error::OutputSize)?;

        let mut memory = self.0.borrow_mut();
        memory.resize(argon.params().block_count(), Block::default());
        let filled = argon.hash_password_into_with_memory(password, &salt, out, memory.as_mut_slice());
        // What stands there follows from the password.
        memory.fill(Block::default());
        filled?;
        Ok(PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(argon.params())?,
            salt: Some(salt),
            hash: Some(Output::new(out)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::PasswordVerifier;

    #[test]
    fn it_hashes_as_the_library_does_however_often_its_memory_was_used() {
        let (ours, theirs) = (Hasher::default(), Argon2::default());
        for password in ["one", "another", "one"] {
            let hash = ours.hash_password(password.as_bytes()).unwrap();
            assert!(theirs.verify_password(password.as_bytes(), &hash).is_ok());
            assert!(ours.verify_password(password.as_bytes(), &hash).is_ok());
            assert!(ours.verify_password(b"neither", &hash).is_err());
            let salt = hash.salt.unwrap();
            assert_eq!(theirs.hash_password_with_salt(password.as_bytes(), &salt).unwrap(), hash);
        }
        // Of another cost, as an older version may have stored it.
        let small = Params::new(64, 1, 1, None).unwrap();
        let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, small).hash_password(b"one").unwrap();
        assert!(ours.verify_password(b"one", &hash).is_ok());
        assert!(ours.hash_password(b"one").is_ok(), "and back again");
        assert!(ours.0.borrow().capacity() > 0);
        ours.rest();
        assert_eq!(ours.0.borrow().capacity(), 0, "an idle one has nothing");
        assert!(ours.verify_password(b"one", &hash).is_ok());
    }
}
