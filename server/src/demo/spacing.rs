//! How many days the demo clinic leaves between two treatments of the same skin. Where published guidance differs by
//! area, each area has its rule; a clinician of the clinic has to confirm them.

use super::templates as t;
use domain::{area::Region, spacing::SpacingRule, template::Template};

const RULES: [(&str, &str, Option<Region>, u16); 14] = [
    (t::ALEXANDRITE, t::ALEXANDRITE, Some(Region::Face), 28),
    (t::ALEXANDRITE, t::ALEXANDRITE, Some(Region::Trunk), 42),
    (t::ND_YAG, t::ND_YAG, Some(Region::Face), 28),
    (t::IPL, t::IPL, None, 21),
    (t::IPL, t::ALEXANDRITE, Some(Region::Face), 14),
    (t::IPL, t::NON_ABLATIVE, None, 28),
    (t::NON_ABLATIVE, t::IPL, None, 28),
    (t::NON_ABLATIVE, t::NON_ABLATIVE, None, 28),
    (t::FRACTIONAL_CO2, t::IPL, None, 28),
    (t::PULSED_DYE, t::PULSED_DYE, None, 28),
    (t::PICOSECOND, t::PICOSECOND, None, 56),
    (t::RF_MICRONEEDLING, t::RF_MICRONEEDLING, None, 28),
    (t::CRYOLIPOLYSIS, t::CRYOLIPOLYSIS, None, 42),
    (t::GLYCOLIC, t::GLYCOLIC, None, 28),
];

pub fn rules(templates: &[Template]) -> Vec<SpacingRule> {
    let id = |name: &str| templates.iter().find(|template| template.name == name).map(|template| template.id);
    let rule = |(earlier, later, region, days): &(&str, &str, Option<Region>, u16)| {
        Some(SpacingRule { earlier: id(earlier)?, later: id(later)?, region: *region, days: *days })
    };
    RULES.iter().filter_map(rule).collect()
}
