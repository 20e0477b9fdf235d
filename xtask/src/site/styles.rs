//! The style sheets as one file: `@import`s replaced by what they name, comments and idle space left out.
//!
//! Deliberately not a CSS compiler: the styles are written as browsers read them. Strings and `url(…)` are kept to
//! the letter, everything else only loses space where CSS gives space no meaning.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

/// The given files and all they import, in order. A file imported twice appears once, where it was first named.
pub fn bundle(files: &[PathBuf]) -> Result<String> {
    let mut seen = BTreeSet::new();
    let mut text = String::new();
    for file in files {
        text.push_str(&inline(file, &mut seen)?);
    }
    Ok(text)
}

fn inline(file: &Path, seen: &mut BTreeSet<PathBuf>) -> Result<String> {
    let whole = file.canonicalize().with_context(|| format!("no style sheet at {}", file.display()))?;
    if !seen.insert(whole) {
        return Ok(String::new());
    }
    let source = fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?;
    let compact = compact(&source);
    let folder = file.parent().unwrap_or_else(|| Path::new("."));

    let mut text = String::with_capacity(compact.len());
    let mut rest = compact.as_str();
    while let Some(at) = rest.find("@import") {
        text.push_str(&rest[..at]);
        let end = rest[at..].find(';').with_context(|| format!("an @import without its `;` in {}", file.display()))?;
        let import = Import::parse(&rest[at + "@import".len()..at + end])
            .with_context(|| format!("in {}: {}", file.display(), &rest[at..=at + end]))?;
        let imported = inline(&folder.join(&import.path), seen)?;
        text.push_str(&import.wrap(imported));
        rest = &rest[at + end + 1..];
    }
    text.push_str(rest);
    Ok(text)
}

/// `"./x.css"`, perhaps with `layer(name)`. Conditions of other kinds are not used here, and refused rather than lost.
struct Import {
    path: String,
    layer: Option<String>,
}

impl Import {
    fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        let text = match text.strip_prefix("url(").and_then(|it| it.split_once(')')) {
            Some((path, rest)) => &format!("{path}{rest}"),
            None => text,
        };
        let quote = text.chars().next().filter(|it| matches!(it, '"' | '\''));
        let Some((path, rest)) = quote.and_then(|quote| text[1..].split_once(quote)) else {
            bail!("an @import names its file in quotes");
        };
        let layer = match rest.trim() {
            "" => None,
            rest => match rest.strip_prefix("layer(").and_then(|it| it.strip_suffix(')')) {
                Some(name) => Some(name.to_owned()),
                None => bail!("only `layer(…)` may follow an @import's file"),
            },
        };
        if path.contains("//") {
            bail!("styles come from this project only");
        }
        Ok(Self { path: path.to_owned(), layer })
    }

    fn wrap(&self, css: String) -> String {
        match &self.layer {
            Some(name) if !css.is_empty() => format!("@layer {name}{{{css}}}"),
            _ => css,
        }
    }
}

fn compact(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut rest = source;
    let mut space_pending = false;

    while let Some(first) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("/*") {
            rest = after.find("*/").map_or("", |end| &after[end + 2..]);
            // `a/**/b` stays two words.
            space_pending = true;
            continue;
        }
        if first.is_whitespace() {
            rest = &rest[first.len_utf8()..];
            space_pending = true;
            continue;
        }

        if space_pending && space_matters(&out, first) {
            out.push(' ');
        }
        space_pending = false;

        let length = match first {
            '"' | '\'' => quoted_length(rest, first),
            '}' => {
                // The last `;` of a block says nothing.
                if out.ends_with(';') {
                    out.pop();
                }
                1
            }
            _ if starts_bare_url(rest) => rest.find(')').map_or(rest.len(), |end| end + 1),
            _ => first.len_utf8(),
        };
        out.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    out
}

/// Around `{ } ; ,` and at the start space separates nothing. Elsewhere (`a :hover`, `1px + 2px`) it may.
fn space_matters(before: &str, next: char) -> bool {
    const IDLE: [char; 4] = ['{', '}', ';', ','];
    !IDLE.contains(&next) && before.chars().next_back().is_some_and(|last| !IDLE.contains(&last))
}

fn quoted_length(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// `url(` with no quotes inside, whose content is taken as it stands.
fn starts_bare_url(text: &str) -> bool {
    text.strip_prefix("url(").is_some_and(|inside| !inside.trim_start().starts_with(['"', '\'']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_idle_space_go() {
        assert_eq!(compact("/* x */\n.a ,\n.b {\n  color: red;\n  margin: 0 auto;\n}\n"), ".a,.b{color: red;margin: 0 auto}");
    }

    #[test]
    fn space_that_means_something_stays() {
        assert_eq!(compact("a  :hover{width: calc(1px  +  2px)}"), "a :hover{width: calc(1px + 2px)}");
        assert_eq!(compact("a/**/b{}"), "a b{}");
    }

    #[test]
    fn strings_and_addresses_are_kept_to_the_letter() {
        let css = r#"a{content: "/* ;  } \" ";background: url(data:x;y,z)}"#;
        assert_eq!(compact(css), css);
    }

    #[test]
    fn an_import_may_name_a_layer() -> Result<()> {
        let import = Import::parse(r#" "./base.css" layer(base)"#)?;
        assert_eq!((import.path.as_str(), import.layer.as_deref()), ("./base.css", Some("base")));
        assert_eq!(import.wrap("a{}".to_owned()), "@layer base{a{}}");
        assert_eq!(Import::parse("url('x.css')")?.path, "x.css");
        Ok(())
    }

    #[test]
    fn an_import_with_another_condition_is_refused() {
        assert!(Import::parse(r#""x.css" print"#).is_err());
        assert!(Import::parse(r#""https://elsewhere.example/x.css""#).is_err());
    }
}
