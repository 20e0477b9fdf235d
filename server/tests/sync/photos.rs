//! Photographs, over real HTTP: pieces that get lost, files that are not what they seem, people who may not look, and pictures that
//! end with the consent.

pub mod browser;
pub mod files;
mod kept;
mod rows;
mod s3;
mod shared;
pub mod studio;
mod uploads;
mod visitors;
