//! What stands in a line of the log. Names, replies and addresses come from outside: none of them may end the line, write
//! one of its own, or speak to the terminal of whoever reads it.

use model::inert;
use std::fmt::{self, Debug};
use tracing::field::Field;
use tracing_subscriber::{
    field::MakeExt,
    fmt::format::{FormatFields, Writer, debug_fn},
};

/// `message name=value`, all of it visible.
pub fn inert() -> impl for<'w> FormatFields<'w> + Send + Sync + 'static {
    debug_fn(write).delimited(" ")
}

fn write(writer: &mut Writer<'_>, field: &Field, value: &dyn Debug) -> fmt::Result {
    let text = inert::visible(&format!("{value:?}"));
    match field.name() {
        "message" => writer.write_str(&text),
        name => write!(writer, "{name}={text}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn nothing_from_outside_writes_a_line_of_its_own() {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber =
            tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).fmt_fields(inert()).finish();
        let evil = "ns\n2026-01-01 ERROR all is lost \u{1b}]0;x\u{7}\u{202e}";
        tracing::subscriber::with_default(subscriber, || {
            let _span = tracing::info_span!("request", http.path = %evil).entered();
            tracing::warn!(appliance = %evil, said = evil, "{evil}");
        });
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        assert_eq!(text.lines().count(), 1, "{text}");
        assert_eq!(text.matches("all is lost").count(), 4, "{text}");
        assert!(!text.trim_end_matches('\n').chars().any(inert::is_unseen), "{text}");
    }
}
