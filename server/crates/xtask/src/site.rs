//! The browser's half: wasm, its glue, the boot script and the style sheet, under content-hashed names, with
//! precompressed twins, in a folder that the server embeds.

use crate::{needs, process};
use anyhow::{Context, Result, anyhow};
use sha2::{Digest, Sha256};
use std::{
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    time::Instant,
};
use wasm_bindgen_cli_support::Bindgen;

/// One pair of profiles for both halves: a server embeds the site of its own profile and no other.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    Dev,
    Release,
}

impl Profile {
    pub fn of(release: bool) -> Self {
        if release { Self::Release } else { Self::Dev }
    }

    const fn cargo(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }

    /// `server/src/http/assets.rs` embeds these folders by these names.
    const fn folder(self) -> &'static str {
        match self {
            Self::Dev => "target/site-dev",
            Self::Release => "target/site-release",
        }
    }
}

/// Builds the whole site. Files that did not change keep their times, so that the server is not built again for them.
pub fn build(profile: Profile) -> Result<()> {
    needs::wasm_target()?;
    let started = Instant::now();
    let folder = process::root().join(profile.folder());
    let (js, wasm) = browser_half(profile)?;
    let css = style_sheet()?;
    let boot = fs::read_to_string(process::root().join("style/boot.js")).context("style/boot.js cannot be read")?;

    let app = hashed("app", &[js.as_bytes(), &wasm]);
    let js = js.replace("app_bg.wasm", &format!("{app}_bg.wasm"));
    let boot = boot.replace("APP", &app);
    let boot_name = hashed("boot", &[boot.as_bytes()]);
    let css_name = hashed("main", &[css.as_bytes()]);
    let mut files = vec![
        (format!("{app}.js"), js.into_bytes()),
        (format!("{app}_bg.wasm"), wasm),
        (format!("{boot_name}.js"), boot.into_bytes()),
        (format!("{css_name}.css"), css.into_bytes()),
    ];
    // Lines that `server` reads: what the document links to.
    let mut names = format!("boot={boot_name}.js\nstyle={css_name}.css\n");
    for icon in in_style("svg")? {
        let drawn = fs::read(&icon).with_context(|| format!("{} cannot be read", icon.display()))?;
        let stem = icon.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let name = hashed(stem, &[&drawn]);
        let _ = writeln!(names, "{stem}={name}.svg");
        files.push((format!("{name}.svg"), drawn));
    }

    let written = write_site(&folder, &files, &names)?;
    let verb = if written { "built" } else { "unchanged:" };
    process::say(&format!("{verb} {} in {:.1} s", profile.folder(), started.elapsed().as_secs_f32()));
    Ok(())
}

fn browser_half(profile: Profile) -> Result<(String, Vec<u8>)> {
    process::cargo([
        "rustc",
        "--quiet",
        "--package=app",
        "--lib",
        "--crate-type=cdylib",
        "--target=wasm32-unknown-unknown",
        "--no-default-features",
        "--features=hydrate",
        &format!("--profile={}", profile.cargo()),
    ])?;
    let target = process::target();
    let input = target.join("wasm32-unknown-unknown").join(profile.cargo()).join("app.wasm");
    let out = target.join("bindgen").join(profile.cargo());
    Bindgen::new()
        .input_path(input)
        .out_name("app")
        .web(true)?
        .typescript(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&out)
        .context("wasm-bindgen refused the browser's half")?;
    Ok((fs::read_to_string(out.join("app.js"))?, fs::read(out.join("app_bg.wasm"))?))
}

/// The files of one kind in `style`, in the order of their names.
fn in_style(kind: &str) -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> = fs::read_dir(process::root().join("style"))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == kind))
        .collect();
    files.sort();
    Ok(files)
}

/// All of `style/*.css`, minified.
fn style_sheet() -> Result<String> {
    use lightningcss::{
        printer::PrinterOptions,
        stylesheet::{MinifyOptions, ParserOptions, StyleSheet},
        targets::{Browsers, Targets},
    };
    let mut source = String::new();
    for part in in_style("css")? {
        source.push_str(&fs::read_to_string(part)?);
        source.push('\n');
    }
    // Four years back: what a managed desktop runs at worst.
    let browsers =
        Browsers { chrome: Some(109 << 16), firefox: Some(115 << 16), safari: Some(16 << 16), ..Browsers::default() };
    let targets = Targets { browsers: Some(browsers), ..Targets::default() };
    let mut sheet =
        StyleSheet::parse(&source, ParserOptions::default()).map_err(|error| anyhow!("style/*.css: {error}"))?;
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(|error| anyhow!("style: {error}"))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })
        .map_err(|error| anyhow!("style: {error}"))?;
    Ok(printed.code)
}

/// `app.1f2e3d4c5b6a7988`: the name changes when, and only when, the content does.
fn hashed(stem: &str, contents: &[&[u8]]) -> String {
    let mut digest = Sha256::new();
    for content in contents {
        digest.update(content);
    }
    format!("{stem}.{}", hex::encode(&digest.finalize()[..8]))
}

/// Writes the files with their twins; tells whether anything was new.
fn write_site(folder: &Path, files: &[(String, Vec<u8>)], names: &str) -> Result<bool> {
    let names_file = folder.join("names.txt");
    if fs::read_to_string(&names_file).is_ok_and(|old| old == names) {
        return Ok(false);
    }
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    for (name, content) in files {
        fs::write(folder.join(name), content)?;
        fs::write(folder.join(format!("{name}.gz")), gzip(content)?)?;
        fs::write(folder.join(format!("{name}.br")), brotli(content)?)?;
    }
    fs::write(names_file, names)?;
    Ok(true)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    brotli::BrotliCompress(&mut &content[..], &mut packed, &parameters)?;
    Ok(packed)
}
