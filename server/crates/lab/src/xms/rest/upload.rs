//! A call with a file: `multipart/form-data` with a part of JSON and a part of bytes.

use crate::xms::answer::Request;
use serde_json::Value;
use std::convert::Infallible;

/// What came. Names of parts differ from call to call; the JSON one is the one that is JSON.
pub(super) struct Parts {
    pub data: Value,
    pub files: Vec<Vec<u8>>,
}

pub(super) async fn read(request: &Request) -> Option<Parts> {
    let boundary = multer::parse_boundary(request.header("content-type")?).ok()?;
    let body = hyper::body::Bytes::from(request.body.clone());
    let mut form = multer::Multipart::new(futures::stream::iter([Ok::<_, Infallible>(body)]), boundary);
    let mut parts = Parts { data: Value::Null, files: Vec::new() };
    while let Some(field) = form.next_field().await.ok()? {
        let is_file = field.file_name().is_some() || field.name() == Some("uploadFile");
        let bytes = field.bytes().await.ok()?;
        if is_file {
            parts.files.push(bytes.to_vec());
        } else {
            parts.data = serde_json::from_slice(&bytes).ok()?;
        }
    }
    Some(parts)
}
