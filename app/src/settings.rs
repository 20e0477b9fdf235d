//! Where the clinic says which devices it has, what is charted with them, and what it sells.
//!
//! Settings are saved online only: each save goes to the server by itself, and what was saved comes back with
//! the catalogue. What is being typed lives in an editor of plain signals ([`template_editor`], [`device_editor`], [`package_editor`]),
//! which the page keeps while it is open, so that looking at another entry loses nothing.

mod desk;
mod device_editor;
mod device_form;
mod devices;
mod field_block;
mod focus;
mod form_editor;
mod form_form;
mod forms;
mod frame;
mod hours;
mod input;
mod model;
mod number_block;
mod package_editor;
mod package_form;
mod packages;
mod piece;
mod rooms;
mod rules;
mod save_bar;
mod saving;
mod side_list;
mod template_editor;
mod template_form;
mod templates;
mod usual_rows;

pub use devices::DevicesPage;
pub use forms::FormsPage;
pub use hours::HoursPage;
pub use packages::PackagesPage;
pub use rooms::RoomsPage;
pub use rules::RulesPage;
pub use templates::TemplatesPage;
