//! The little of XML that the probes need: the text of an element by its name, wherever it stands.

/// The text of the first element of this name; prefixes and attributes are ignored, an empty element has an empty text.
pub(super) fn text(xml: &str, name: &str) -> Option<String> {
    let mut rest = xml;
    while let Some(at) = rest.find('<') {
        rest = rest.get(at + 1..)?;
        let end = rest.find('>')?;
        let (tag, after) = (rest.get(..end)?, rest.get(end + 1..)?);
        rest = after;
        let empty = tag.ends_with('/');
        let full = tag.trim_end_matches('/').split_whitespace().next().unwrap_or_default();
        if full.rsplit(':').next() == Some(name) && !full.starts_with('/') {
            let inner = if empty { "" } else { after.split('<').next().unwrap_or_default() };
            return Some(match after.trim_start().strip_prefix("<![CDATA[").and_then(|data| data.split_once("]]>")) {
                Some((data, _)) if !empty => data.trim().to_owned(),
                _ => plain(inner.trim()),
            });
        }
    }
    None
}

fn plain(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn elements_are_found_in_every_shape() {
        let xml =
            "<?xml version='1.0'?><ns2:result a='1'><message>10.10.0.7</message><e/><x> a &amp; b </x></ns2:result>";
        assert_eq!(text(xml, "message").as_deref(), Some("10.10.0.7"));
        assert_eq!(text(xml, "e").as_deref(), Some(""));
        assert_eq!(text("<m> <![CDATA[ 10.1 & ]]></m>", "m").as_deref(), Some("10.1 &"));
        assert_eq!(text(xml, "x").as_deref(), Some("a & b"));
        assert_eq!(text(xml, "result").as_deref(), Some(""));
        assert_eq!((text(xml, "none"), text("<a", "a"), text("a>b<", "a")), (None, None, None));
    }
}
