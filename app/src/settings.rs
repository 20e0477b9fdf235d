//! Where the clinic says what it has and sells: devices, templates, packages, forms, photographs, rooms, and by which hours and
//! rules it works.
//!
//! Settings are saved online only: each save goes to the server by itself, and what was saved comes back with
//! the catalogue. What is being typed lives in an editor of plain signals, which its [`desk`] keeps while it is open, so that looking
//! at something else loses nothing. What there are several of ([`entry_page`]) is a list beside a form; what there is once is a
//! part ([`entry_form::PartForm`]).

mod area_choice;
mod basis;
mod carriers;
mod closures;
mod desk;
mod device_editor;
mod device_form;
mod devices;
mod entry_form;
mod entry_page;
mod feeds;
mod field_block;
mod focus;
mod follow_up;
mod form_editor;
mod form_form;
mod forms;
mod frame;
mod hours;
mod hours_editor;
mod hours_model;
mod hours_week;
mod input;
mod installations;
mod maintenance;
mod model;
mod number_block;
mod order;
mod outside;
mod package_editor;
mod package_form;
mod packages;
mod people;
mod people_editor;
mod people_form;
mod piece;
mod room_editor;
mod rooms;
mod rules;
mod saving;
mod side_list;
mod spacing_editor;
mod spacing_form;
mod standard_sets;
mod template_editor;
mod template_form;
mod templates;
mod usual_rows;
mod view_line;
mod view_set_editor;
mod view_set_form;
mod views;

pub use carriers::{CARRIERS, CarriersPage, CarriersSeen};
pub use devices::DevicesPage;
pub use feeds::{Candidate, FEEDS, FeedSeen, FeedsPage, FeedsSeen, LatestSeen, NO_SERIES, SecretSeen, UNSAID, UnplacedSeen};
pub use follow_up::FollowUpPage;
pub use forms::FormsPage;
pub use hours::HoursPage;
pub use installations::InstallationsPage;
pub use packages::PackagesPage;
pub use people::PeoplePage;
pub use rooms::RoomsPage;
pub use rules::RulesPage;
pub use templates::TemplatesPage;
pub use views::ViewsPage;
