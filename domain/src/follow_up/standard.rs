//! The texts a clinic starts with. SMS keep to the GSM alphabet (a straight apostrophe), or they would cost double.

use super::{
    kind::{Kind, Step},
    policy::Text,
};

impl Text {
    /// In English. `None` of a flag, which nobody reads.
    pub fn standard(kind: Kind) -> Option<Self> {
        let (sms, subject, body) = match kind {
            Kind::Aftercare => (
                "Hi {{first_name}}, thank you for your visit. How to look after your skin now: {{aftercare_link}}\nAnything that worries you? Just reply. {{clinic}}",
                "Looking after your skin",
                "Hi {{first_name}},\n\n\
                 thank you for your visit. This is what your skin needs now:\n\n\
                 {{aftercare}}\n\n\
                 You find it on your own page at any time: {{aftercare_link}}\n\n\
                 If anything worries you, however small, just reply to this e-mail. One of us will call you.\n\n\
                 {{provider}} and everybody at {{clinic}}",
            ),
            Kind::CheckIn => (
                "Hi {{first_name}}, how is your skin doing since your visit? A word back is enough, and if anything worries you, one of us will call. {{clinic}}",
                "How is your skin doing?",
                "Hi {{first_name}},\n\n\
                 it has been a few days. How is your skin doing?\n\n\
                 A word back is enough. If anything worries you, tell us just as it is: one of us will call you.\n\n\
                 What helps for now: {{aftercare_link}}\n\n\
                 {{provider}} and everybody at {{clinic}}",
            ),
            Kind::Midpoint => (
                "Hi {{first_name}}, you're halfway to session {{next_session}}, which is due around {{due_date}}.\nYour first and latest photos: {{photos_link}}\n{{clinic}}. STOP to opt out",
                "Halfway to session {{next_session}}",
                "Hi {{first_name}},\n\n\
                 you are halfway to session {{next_session}} of {{sessions}}. It is due around {{due_date}}.\n\n\
                 Your own first and latest photographs, side by side: {{photos_link}}\n\n\
                 There is nothing to do today. We look forward to seeing you.\n\n\
                 {{clinic}}\n\n\
                 Choose which messages we send you: {{page_link}}",
            ),
            Kind::RebookingPrompt => (
                "Hi {{first_name}}, session {{next_session}} is due around {{due_date}}.\nStill free: {{times}}\nBook with one tap: {{booking_link}}\n{{clinic}}. STOP to opt out",
                "Your next session, around {{due_date}}",
                "Hi {{first_name}},\n\n\
                 session {{next_session}} of {{sessions}} is due around {{due_date}}.\n\n\
                 {{provider}} is still free: {{times}}\n\n\
                 Take one of these times, or another that suits you better, with one tap: {{booking_link}}\n\n\
                 Your own first and latest photographs, side by side: {{photos_link}}\n\n\
                 See you soon,\n{{clinic}}\n\n\
                 Choose which messages we send you: {{page_link}}",
            ),
            Kind::Reminder => (
                "Hi {{first_name}}, session {{next_session}} is due on {{due_date}} and not booked yet. One tap and it is: {{booking_link}}\n{{clinic}}. STOP to opt out",
                "Your session is due on {{due_date}}",
                "Hi {{first_name}},\n\n\
                 session {{next_session}} of {{sessions}} is due on {{due_date}}, and it is not booked yet.\n\n\
                 {{provider}} is still free: {{times}}\n\n\
                 One tap and it is yours: {{booking_link}}\n\n\
                 If another week suits you better, reply and tell us when.\n\n\
                 {{clinic}}\n\n\
                 Choose which messages we send you: {{page_link}}",
            ),
            Kind::Recovery(Step::Soft) => (
                "Hi {{first_name}}, life gets busy, we know. Session {{next_session}} is still waiting for you: {{booking_link}}\n{{clinic}}. STOP to opt out",
                "Session {{next_session}} is still waiting for you",
                "Hi {{first_name}},\n\n\
                 life gets busy, we know. Session {{next_session}} is still waiting for you, whenever it suits.\n\n\
                 {{provider}} is free: {{times}}\n\n\
                 Book with one tap: {{booking_link}}\n\n\
                 {{clinic}}\n\n\
                 Choose which messages we send you: {{page_link}}",
            ),
            Kind::Recovery(Step::Value) => (
                "Hi {{first_name}}, {{remaining}} of your {{sessions}} sessions are still to come, and each builds on the one before. Pick up where you left off: {{booking_link}}\n{{clinic}}. STOP to opt out",
                "{{remaining}} of your {{sessions}} sessions are still to come",
                "Hi {{first_name}},\n\n\
                 {{remaining}} of your {{sessions}} sessions are still to come. Each builds on the one before, so the gap between two of them \
                 matters.\n\n\
                 See for yourself what has changed so far: {{photos_link}}\n\n\
                 Pick up where you left off: {{booking_link}}\n\n\
                 If something keeps you from coming, reply and tell us. We would like to make it work.\n\n\
                 {{clinic}}\n\n\
                 Choose which messages we send you: {{page_link}}",
            ),
            Kind::Recovery(Step::Last) => (
                "Hi {{first_name}}, this is our last reminder. If you'd like to go on, your next session is one tap away: {{booking_link}}\nAny question? Just reply. {{clinic}}. STOP to opt out",
                "Our last reminder",
                "Hi {{first_name}},\n\n\
                 this is our last reminder about your {{remaining}} sessions.\n\n\
                 If you would like to go on, the next one is one tap away: {{booking_link}}\n\n\
                 If something was not right, or the time is not, reply and tell us. We read every answer.\n\n\
                 {{clinic}}\n\n\
                 Choose which messages we send you: {{page_link}}",
            ),
            Kind::CloseOut => (
                "Hi {{first_name}}, you've finished your series. Thank you for your trust!\nHow was it with us? {{review_link}}\n{{clinic}}. STOP to opt out",
                "You have finished your series",
                "Hi {{first_name}},\n\n\
                 that was session {{session}} of {{sessions}}: you have finished your series. Thank you for your trust.\n\n\
                 Your first and latest photographs, side by side: {{photos_link}}\n\n\
                 How was it with us? A few words help others to decide: {{review_link}}\n\n\
                 What could come next: {{next_offer}}\n\n\
                 Everybody at {{clinic}}\n\n\
                 Choose which messages we send you: {{page_link}}",
            ),
            Kind::Appointment => (
                "Hi {{first_name}}, see you on {{appointment}} at {{clinic}}. Something in the way? Change it here: {{page_link}}",
                "See you on {{appointment}}",
                "Hi {{first_name}},\n\n\
                 we look forward to seeing you on {{appointment}}.\n\n\
                 Something in the way? Change it here, or call us: {{page_link}}\n\n\
                 {{provider}} and everybody at {{clinic}}",
            ),
            Kind::Flag => return None,
        };
        let [sms, subject, body] = [sms, subject, body].map(str::to_owned);
        Some(Self { language: "en".to_owned(), sms, subject, body })
    }
}
