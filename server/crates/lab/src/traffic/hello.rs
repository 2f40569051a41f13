//! What somebody who passes TLS on can see of a session: its ID in the first record of either side.
//!
//! Only a session of TLS 1.2 or older has an ID. TLS 1.3 has a field of that name, filled with chance by the client
//! and echoed by the server for the sake of old devices between: it says nothing about the next connection. The same
//! is true for a session that the client keeps in a ticket: the server's ID is empty then.

/// The header of a record, and the most that may follow it.
const HEADER: usize = 5;
const LONGEST: usize = 16 * 1024 + 256;

const HANDSHAKE: u8 = 22;
const CLIENT_HELLO: u8 = 1;
const SERVER_HELLO: u8 = 2;
const SUPPORTED_VERSIONS: u16 = 43;

/// Collects the first record of one direction.
#[derive(Debug, Default)]
pub(super) struct First(Vec<u8>);

/// How far a [`First`] has come.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    More,
    /// The session's ID, if this was the hello that it looked like and had one.
    Done(Option<Vec<u8>>),
}

impl First {
    /// Takes what came next, and says what is known now. After `Done` it is not to be asked again.
    pub fn client(&mut self, bytes: &[u8]) -> Step {
        self.take(bytes, |record| id(record, CLIENT_HELLO).map(|(id, _)| id))
    }

    pub fn server(&mut self, bytes: &[u8]) -> Step {
        self.take(bytes, |record| id(record, SERVER_HELLO).filter(|(_, rest)| !is_new(rest)).map(|(id, _)| id))
    }

    /// All that was taken so far, to be sent on.
    pub fn bytes(&self) -> &[u8] {
        &self.0
    }

    fn take(&mut self, bytes: &[u8], read: impl Fn(&[u8]) -> Option<&[u8]>) -> Step {
        self.0.extend_from_slice(bytes);
        let Some(header) = self.0.get(..HEADER) else {
            // Something else than TLS never becomes it.
            return if self.0.first().is_some_and(|kind| *kind != HANDSHAKE) { Step::Done(None) } else { Step::More };
        };
        let length = usize::from(u16::from_be_bytes([header[3], header[4]]));
        if header[0] != HANDSHAKE || length > LONGEST {
            return Step::Done(None);
        }
        match self.0.get(HEADER..HEADER + length) {
            None => Step::More,
            Some(record) => Step::Done(read(record).filter(|id| !id.is_empty()).map(<[u8]>::to_vec)),
        }
    }
}

/// The session ID of a hello, and what follows it.
fn id(record: &[u8], kind: u8) -> Option<(&[u8], &[u8])> {
    // Type, length of 3, version of 2, random of 32.
    let (head, rest) = record.split_at_checked(4 + 2 + 32)?;
    let (length, rest) = rest.split_first()?;
    (head[0] == kind && *length <= 32).then(|| rest.split_at_checked(usize::from(*length)))?
}

/// Whether a server's hello names its version in an extension, as TLS 1.3 and nobody else does.
fn is_new(rest: &[u8]) -> bool {
    // Cipher suite of 2, compression of 1, length of the extensions of 2.
    let mut rest = rest.get(5..).unwrap_or_default();
    while let Some((head, behind)) = rest.split_at_checked(4) {
        if u16::from_be_bytes([head[0], head[1]]) == SUPPORTED_VERSIONS {
            return true;
        }
        let length = usize::from(u16::from_be_bytes([head[2], head[3]]));
        rest = behind.get(length..).unwrap_or_default();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hello(kind: u8, id: &[u8], rest: &[u8]) -> Vec<u8> {
        let mut body = vec![kind, 0, 0, 0, 3, 3];
        body.extend([7; 32]);
        body.push(u8::try_from(id.len()).unwrap());
        body.extend(id);
        body.extend(rest);
        let mut record = vec![HANDSHAKE, 3, 3];
        record.extend(u16::try_from(body.len()).unwrap().to_be_bytes());
        record.extend(body);
        record
    }

    #[test]
    fn an_id_is_read_however_the_bytes_come() {
        let bytes = hello(CLIENT_HELLO, b"session", &[0, 2, 0, 47]);
        let mut first = First::default();
        for byte in &bytes[..bytes.len() - 1] {
            assert_eq!(first.client(&[*byte]), Step::More);
        }
        assert_eq!(first.client(&bytes[bytes.len() - 1..]), Step::Done(Some(b"session".to_vec())));
        assert_eq!(first.bytes(), bytes);
    }

    #[test]
    fn the_id_of_tls_1_3_is_none() {
        let old = hello(SERVER_HELLO, b"session", &[0, 47, 0, 0, 4, 0, 23, 0, 0]);
        let new = hello(SERVER_HELLO, b"session", &[0, 47, 0, 0, 10, 0, 23, 0, 0, 0, 43, 0, 2, 3, 4]);
        assert_eq!(First::default().server(&old), Step::Done(Some(b"session".to_vec())));
        assert_eq!(First::default().server(&new), Step::Done(None));
        assert_eq!(First::default().server(&hello(SERVER_HELLO, b"", &[0, 47, 0])), Step::Done(None));
    }

    #[test]
    fn anything_else_is_no_session() {
        for bytes in [&b"GET / HTTP/1.1\r\n"[..], &[21, 3, 3, 0, 2, 2, 40], &[22, 3, 3, 255, 255], &[0]] {
            assert_eq!(First::default().client(bytes), Step::Done(None), "{bytes:?}");
        }
        let whole = hello(CLIENT_HELLO, b"session", &[]);
        for end in HEADER..whole.len() {
            let mut cut = whole[..end].to_vec();
            cut[3..HEADER].copy_from_slice(&u16::try_from(end - HEADER).unwrap().to_be_bytes());
            assert_eq!(First::default().client(&cut), Step::Done(None), "{end}");
        }
    }
}
