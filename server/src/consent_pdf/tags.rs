//! What each piece of the page is, for those who listen to a document rather than look at it.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// The part a piece of text plays in the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    Title(String),
    Heading(String),
    Paragraph,
    Label,
    Value,
    Tick,
    Agreed,
    /// The drawn signature, and the words that stand for it.
    Signature(String),
}

/// A role and the marks on the pages that play it; a long paragraph has one for every line.
#[derive(Debug, Clone)]
pub struct Part {
    pub role: Role,
    pub marks: Vec<Identifier>,
}

impl Part {
    fn group(&self) -> TagGroup {
        TagGroup::with_children(self.kind(), self.marks.iter().copied().map(Node::from).collect())
    }

    fn kind(&self) -> TagKind {
        match &self.role {
            Role::Title(text) => heading(NonZeroU16::MIN, text),
            Role::Heading(text) => heading(NonZeroU16::MIN.saturating_add(1), text),
            Role::Paragraph => Tag::P.into(),
            Role::Label => Tag::TH(TableHeaderScope::Row).into(),
            Role::Value => Tag::TD.into(),
            Role::Tick => Tag::Lbl.with_alt_text(Some("Agreed".to_owned())).into(),
            Role::Agreed => Tag::LBody.into(),
            Role::Signature(words) => Tag::Figure(Some(words.clone())).into(),
        }
    }

    fn family(&self) -> Family {
        match self.role {
            Role::Label | Role::Value => Family::Table,
            Role::Tick | Role::Agreed => Family::List,
            _ => Family::Text,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Text,
    Table,
    List,
}

fn heading(level: NonZeroU16, text: &str) -> TagKind {
    Tag::Hn(level, Some(text.to_owned())).into()
}

/// The parts in reading order as a tree: labels and values paired into a table, ticks and their lines into a list.
pub fn tree(parts: &[Part], language: Option<String>) -> TagTree {
    let mut tree = TagTree::new().with_lang(language);
    for run in parts.chunk_by(|one, next| one.family() == next.family()) {
        match run.first().map_or(Family::Text, Part::family) {
            Family::Text => run.iter().for_each(|part| tree.push(part.group())),
            Family::Table => tree.push(pairs(run, Tag::Table.into(), &Tag::TR.into())),
            Family::List => tree.push(pairs(run, Tag::L(ListNumbering::None).into(), &Tag::LI.into())),
        }
    }
    tree
}

fn pairs(run: &[Part], whole: TagKind, each: &TagKind) -> TagGroup {
    let row = |pair: &[Part]| TagGroup::with_children(each.clone(), pair.iter().map(|part| part.group().into()).collect());
    TagGroup::with_children(whole, run.chunks(2).map(|pair| row(pair).into()).collect())
}
