//! Plain multipart forms, for uploads. `server_fn` has a codec for them that panics when the content type is not one;
//! what comes from outside must not, so this is ours.

use crate::error::AppError;
use futures::stream;
use leptos::server_fn::{ContentType, codec::Encoding, request::Req};
use model::FieldErrors;
use multer::Multipart;
use std::{collections::BTreeMap, convert::Infallible};

/// The codec: `#[server(input = Form, input_derive = ())]`; a door that uses it says in two lines how its arguments
/// come out of a request, because a trait of `server_fn` can only be had for a type of ours.
pub struct Form;

impl ContentType for Form {
    const CONTENT_TYPE: &'static str = "multipart/form-data";
}

impl Encoding for Form {
    const METHOD: http::Method = http::Method::POST;
}

/// A form on its way in; `None` when it is none. Whole: what looks for a boundary in a growing heap looks through all of
/// it again for each piece that arrives.
#[derive(Debug)]
pub struct Incoming(Option<Multipart<'static>>);

impl Incoming {
    /// How much a body may hold is decided before anything of it is read here (`server::http::bodies`).
    pub async fn of<Request: Req<AppError>>(request: Request) -> Result<Self, AppError> {
        let boundary = request.to_content_type().and_then(|kind| multer::parse_boundary(kind).ok());
        let Some(boundary) = boundary else { return Ok(Self(None)) };
        let whole = request.try_into_bytes().await?;
        Ok(Self(Some(Multipart::new(stream::iter([Ok::<_, Infallible>(whole)]), boundary))))
    }
}

/// A form as it came in: text by field, and files by field; an empty file is none.
#[derive(Default)]
pub struct Fields {
    pub text: BTreeMap<String, String>,
    pub files: BTreeMap<String, Vec<u8>>,
    /// What could not be taken, beside its field.
    pub errors: FieldErrors,
}

/// A token, names, a password: nobody types more.
const LONGEST_TEXT: usize = 4_096;
const MOST_FIELDS: usize = 20;

impl Incoming {
    /// Takes it apart, files up to `most` bytes each. What is too much is left out and said.
    pub async fn read(self, files: &[&str], most: usize) -> Fields {
        let mut fields = Fields::default();
        let Some(mut form) = self.0 else {
            fields
                .errors
                .add("", "The form did not come in as a form with files. Open its page again and send it from there.");
            return fields;
        };
        for _ in 0..MOST_FIELDS {
            let field = match form.next_field().await {
                Ok(Some(field)) => field,
                Ok(None) => return fields,
                Err(_) => {
                    fields.errors.add("", "The form broke off on its way. Nothing was taken; send it again.");
                    return fields;
                }
            };
            let Some(name) = field.name().map(str::to_owned) else { continue };
            let is_file = files.contains(&name.as_str());
            let limit = if is_file { most } else { LONGEST_TEXT };
            match whole(field, limit).await {
                Ok(bytes) if is_file => drop((!bytes.is_empty()).then(|| fields.files.insert(name, bytes))),
                Ok(bytes) => drop(fields.text.insert(name, String::from_utf8_lossy(&bytes).into_owned())),
                Err(sentence) => {
                    fields.errors.add(&name, sentence);
                    return fields;
                }
            }
        }
        fields.errors.add("", "The form has more fields than its page. Nothing was taken.");
        fields
    }
}

async fn whole(mut field: multer::Field<'static>, limit: usize) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    loop {
        match field.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() > limit => {
                return Err(format!(
                    "This is larger than {} KB, which no certificate or key is.",
                    limit.div_ceil(1024)
                ));
            }
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => return Ok(bytes),
            Err(_) => return Err("The form broke off on its way. Nothing was taken; send it again.".into()),
        }
    }
}
