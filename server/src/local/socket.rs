//! The socket: a file that only its owner may open, there for as long as the console serves.

use anyhow::{Context, bail};
use std::{
    fs, io,
    os::unix::fs::{FileTypeExt, PermissionsExt},
    path::{Path, PathBuf},
};
use tokio::net::UnixListener;

pub const NAME: &str = "gatehouse.sock";

/// Goes with its file.
pub struct Socket {
    pub(super) listener: UnixListener,
    path: PathBuf,
}

impl Socket {
    /// Where it is in a data folder.
    pub fn path(data: &Path) -> PathBuf {
        data.join(NAME)
    }

    /// In the data folder of a console that holds its lock: a socket that lies there already is left from one that was cut
    /// off.
    pub fn open(data: &Path) -> anyhow::Result<Self> {
        let path = Self::path(data);
        match fs::symlink_metadata(&path) {
            Ok(there) if there.file_type().is_socket() => {
                fs::remove_file(&path).with_context(|| format!("The old {} cannot be removed.", path.display()))?;
            }
            Ok(_) => bail!("{} is no socket of ours. Move it away and start again.", path.display()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("{} cannot be looked at.", path.display())),
        }
        let bound = UnixListener::bind(&path);
        let listener = bound.with_context(|| format!("{} cannot be listened on.", path.display()))?;
        let socket = Self { listener, path };
        // Until now the folder keeps others out; and whoever connects is asked who they are.
        fs::set_permissions(&socket.path, fs::Permissions::from_mode(0o600))
            .with_context(|| format!("{} cannot be closed to others.", socket.path.display()))?;
        Ok(socket)
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!("{} could not be removed ({error}).", self.path.display());
        }
    }
}
